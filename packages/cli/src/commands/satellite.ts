import type { Text } from '@tongtang/model/text';
import type { Place } from '@tongtang/satellite/line-of-sight';
import { type LookAngles, lookAngles } from '@tongtang/satellite/look-angles';
import { formatOrbitalPosition, parseOrbitalPosition } from '@tongtang/satellite/orbital-position';
import { Command, InvalidArgumentError, Option } from 'commander';
import { decimalBetween, integerBetween } from '../decimal-option.ts';
import { systemLocale } from '../locale.ts';

/** `tongtang satellite sun-outages|look-angles` */
export function satelliteCommand(): Command {
  return new Command('satellite')
    .description('Where a satellite stands, and when the Sun stands behind it. Needs neither hub nor network')
    .addCommand(sunOutagesCommand())
    .addCommand(lookAnglesCommand());
}

type PlaceOptions = { lat: number; lon: number; height: number; orbit: number };
type SunOutageOptions = PlaceOptions & {
  dish: number;
  freq: number;
  year: number;
  csv?: boolean;
  ics?: boolean;
  json?: boolean;
};

function sunOutagesCommand(): Command {
  return withPlace(
    new Command('sun-outages').description(
      'Sun outages (日凌) of a year: when the Sun is behind the satellite and its noise covers the signal',
    ),
  )
    .requiredOption('--dish <metres>', 'diameter of the dish', decimalBetween(0.3, 30, 'metres'))
    .requiredOption(
      '--freq <GHz>',
      'downlink frequency, such as 12.5 (Ku) or 4 (C)',
      decimalBetween(2.5, 50, 'GHz from the satellite, not the receiver’s L band behind the LNB'),
    )
    .requiredOption('--year <year>', 'which year, in UTC', integerBetween(1970, 2100, 'a year'))
    .addOption(new Option('--csv', 'as CSV, times in UTC').conflicts(['ics', 'json']))
    .addOption(new Option('--ics', 'as a calendar for phones and mail programs').conflicts(['csv', 'json']))
    .addOption(new Option('--json', 'as one JSON document, times in UTC').conflicts(['csv', 'ics']))
    .action(async (options: SunOutageOptions) => {
      const question = {
        place: placeOf(options),
        orbit: options.orbit,
        antenna: { dishDiameterM: options.dish, downlinkGHz: options.freq },
        year: options.year,
      };
      // Loaded here, or the ephemeris, 400 kB of code, would delay the start of every other command.
      const { sunOutages } = await import('@tongtang/satellite/sun-outages');
      const list = await import('../sun-outage-list.ts');
      const outages = sunOutages(question.place, question.orbit, question.antenna, question.year);
      const locale = systemLocale();
      if (options.json === true) process.stdout.write(list.sunOutageJson(outages));
      else if (options.csv === true) process.stdout.write(list.sunOutageCsv(outages));
      else if (options.ics === true) {
        const { sunOutageCalendar } = await import('../sun-outage-calendar.ts');
        process.stdout.write(sunOutageCalendar(outages, question, locale.language, new Date()));
      } else process.stdout.write(list.sunOutageTable(outages, question, locale));
    });
}

function lookAnglesCommand(): Command {
  return withPlace(
    new Command('look-angles').description(
      'How to point a dish: azimuth, elevation, and how far to turn the LNB',
    ),
  )
    .option('--json', 'as one JSON document')
    .action((options: PlaceOptions & { json?: boolean }) => {
      const angles = lookAngles(placeOf(options), options.orbit);
      const text = describeAngles(angles, options.orbit)[systemLocale().language];
      process.stdout.write(options.json === true ? `${JSON.stringify(angles)}\n` : `${text}\n`);
    });
}

function withPlace(command: Command): Command {
  return command
    .requiredOption(
      '--lat <degrees>',
      'latitude, south negative',
      decimalBetween(-90, 90, 'degrees, south negative'),
    )
    .requiredOption(
      '--lon <degrees>',
      'longitude, west negative',
      decimalBetween(-180, 180, 'degrees, west negative'),
    )
    .option(
      '--height <metres>',
      'height above sea level; it changes times by seconds',
      decimalBetween(-500, 9000, 'metres'),
      0,
    )
    .requiredOption(
      '--orbit <position>',
      'orbital position of the satellite, such as 92.2E or 1W',
      orbitalPosition,
    );
}

function orbitalPosition(text: string): number {
  const degrees = parseOrbitalPosition(text);
  if (degrees !== undefined) return degrees;
  throw new InvalidArgumentError('It must be degrees from 0 to 180 with E or W, such as 92.2E or 1W');
}

function placeOf({ lat, lon, height }: PlaceOptions): Place {
  return { lat, lon, heightM: height };
}

function describeAngles(angles: LookAngles, orbit: number): Text {
  const satellite = formatOrbitalPosition(orbit);
  const below = (-angles.elevationDeg).toFixed(1);
  if (!angles.aboveHorizon)
    return {
      zh: `在该地点，${satellite} 卫星在地平线以下 ${below}°，收不到`,
      en: `From there ${satellite} is ${below}° below the horizon and cannot be received`,
    };
  const [azimuth, elevation, skew] = [angles.azimuthDeg, angles.elevationDeg, angles.skewDeg].map(
    (degrees) => `${degrees.toFixed(1)}°`,
  );
  const range = `${angles.rangeKm.toFixed(0)} km`;
  return {
    zh: `方位角  ${azimuth}（真北起顺时针；指南针读数需按当地磁偏角修正）
仰角    ${elevation}
极化角  ${skew}（面向卫星站在天线后方，正值顺时针转动高频头）
距离    ${range}`,
    en: `Azimuth    ${azimuth}  (from true north, clockwise; a compass needs its local declination on top)
Elevation  ${elevation}
LNB skew   ${skew}  (positive: turn it clockwise, standing behind the dish and facing the satellite)
Range      ${range}`,
  };
}
