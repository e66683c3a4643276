import type { Board } from './board.ts';
import { agents } from './boards/agents.ts';
import { bandwidth } from './boards/bandwidth.ts';
import { bureau } from './boards/bureau.ts';
import { classroom } from './boards/classroom.ts';
import { county } from './boards/county.ts';
import { hub } from './boards/hub.ts';
import { lessons } from './boards/lessons.ts';
import { satellite } from './boards/satellite.ts';
import { school } from './boards/school.ts';
import { stream } from './boards/stream.ts';
import { trend } from './boards/trend.ts';

/** All pages, from the whole to the single room and back to what measures it. */
export const boards: readonly Board[] = [
  county,
  lessons,
  school,
  classroom,
  satellite,
  stream,
  bandwidth,
  agents,
  hub,
  trend,
  bureau,
];
