import { printPdf } from '@tongtang/reports/formats/pdf';
import { openIssuedReports } from '@tongtang/store/reports/issued-reports';
import { ReportsDesk, type ReportsDeskParts } from './desk.ts';
import { startReportKeeper } from './report-keeper.ts';
import { openReportMaker } from './report-maker.ts';
import { reportsIn } from './reports-file.ts';

/** Opens the issued reports of a hub and keeps them. @returns their desk, and how to stop; then nothing is under way any more */
export function startReports(
  dataFolder: string,
  parts: Omit<ReportsDeskParts, 'store' | 'maker' | 'print'>,
): Readonly<{ desk: ReportsDesk; stop: () => Promise<void> }> {
  const store = openIssuedReports(reportsIn(dataFolder), parts.log);
  const maker = openReportMaker(dataFolder);
  const desk = new ReportsDesk({ ...parts, store, maker, print: printPdf });
  const stopKeeper = startReportKeeper(desk.keeper);
  return {
    desk,
    async stop() {
      // What is being made is made again by whoever wanted it.
      await maker.stop();
      await stopKeeper();
      await desk.settled();
      store.close();
    },
  };
}
