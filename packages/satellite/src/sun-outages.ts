import {
  type AstroTime,
  Body,
  Equator,
  Observer,
  Search,
  SearchHourAngle,
  SiderealTime,
} from 'astronomy-engine';
import { degrees, lineOfSight, type Place, radians, type Vector } from './line-of-sight.ts';
import { lookAngles } from './look-angles.ts';

export type Antenna = Readonly<{
  dishDiameterM: number;
  /** Of the downlink, not of the receiver's L band behind the LNB. */
  downlinkGHz: number;
}>;

/** One pass of the Sun through an antenna's beam (日凌). Times are Unix time in seconds, to one second. */
export type SunOutage = Readonly<{
  begin: number;
  /** When the Sun is nearest to the satellite. */
  peak: number;
  end: number;
  /** How near it comes, from centre to centre, in degrees. */
  separationDeg: number;
}>;

/** Apparent radius of the Sun's disc in degrees. Some operators count 0.25; the disc is a little larger for radio waves. */
const sunRadiusDeg = 0.27;

/**
 * How near the Sun must come to the satellite for an outage, in degrees: half the 3 dB beamwidth, by the rule for common
 * dishes 70 λ/D, and the Sun's radius. From there on the edge of its disc is in the main beam.
 */
export function outageAngleDeg({ dishDiameterM, downlinkGHz }: Antenna): number {
  const wavelengthM = 0.299792458 / downlinkGHz;
  return (70 * wavelengthM) / dishDiameterM / 2 + sunRadiusDeg;
}

/**
 * All sun outages of a year of UTC, in order. None where the satellite is below the horizon.
 *
 * Once a day the Sun crosses the satellite's hour circle. On the days on which it then is near enough in declination,
 * root finding gives the nearest moment, and those at which it enters and leaves. Times agree with an independent ephemeris
 * within two seconds; the satellite's own wandering in its box of ±0.05° is worth 14 s. Inclined orbits are out of scope.
 * @param longitudeDeg the satellite's orbital position in degrees east
 */
export function sunOutages(place: Place, longitudeDeg: number, antenna: Antenna, year: number): SunOutage[] {
  if (!lookAngles(place, longitudeDeg).aboveHorizon) return [];
  const sky = skyOf(place, longitudeDeg);
  const angleDeg = outageAngleDeg(antenna);
  const outages: SunOutage[] = [];
  let pass = sky.nextPass(new Date(Date.UTC(year, 0, 1)));
  for (; pass.date.getUTCFullYear() === year; pass = sky.nextPass(pass.AddDays(0.5))) {
    if (sky.declinationGapDeg(pass) > angleDeg + passMarginDeg) continue;
    const outage = outageAt(sky, pass, angleDeg);
    if (outage !== undefined) outages.push(outage);
  }
  return outages;
}

/** The Sun runs 0.016° aslant in an hour, so the nearest moment is within seconds of the crossing of the hour circle. */
const passSpanDays = 10 / 1440;
const passMarginDeg = 0.05;

function outageAt(sky: Sky, pass: AstroTime, angleDeg: number): SunOutage | undefined {
  const [before, after] = [pass.AddDays(-passSpanDays), pass.AddDays(passSpanDays)];
  const peak = found(Search(sky.growth, before, after, precise));
  const separationDeg = sky.separationDeg(peak);
  if (separationDeg >= angleDeg) return undefined;
  // The sky turns by 360 degrees a day: in this time the Sun is out of the beam for certain.
  const outside = (2 * angleDeg + 1) / 360;
  const begin = Search((time) => angleDeg - sky.separationDeg(time), peak.AddDays(-outside), peak, precise);
  const end = Search((time) => sky.separationDeg(time) - angleDeg, peak, peak.AddDays(outside), precise);
  return { begin: seconds(found(begin)), peak: seconds(peak), end: seconds(found(end)), separationDeg };
}

const precise = { dt_tolerance_seconds: 0.05 };

/** A bracket that holds no root would be an error in the reasoning above, not in what came from outside. */
function found(time: AstroTime | null): AstroTime {
  if (time === null) throw new Error('a pass of the Sun has no such moment');
  return time;
}

function seconds(time: AstroTime): number {
  return Math.round(time.date.getTime() / 1000);
}

/** The Sun and one satellite as one place sees them. */
type Sky = Readonly<{
  /** When the Sun next crosses the satellite's hour circle. */
  nextPass: (after: Date | AstroTime) => AstroTime;
  declinationGapDeg: (time: AstroTime) => number;
  separationDeg: (time: AstroTime) => number;
  /** Below zero while the Sun comes nearer, above while it goes. */
  growth: (time: AstroTime) => number;
}>;

function skyOf(place: Place, longitudeDeg: number): Sky {
  const observer = new Observer(place.lat, place.lon, place.heightM);
  const [x, y, z] = lineOfSight(place, longitudeDeg);
  const declination = Math.atan2(z, Math.hypot(x, y));
  const longitude = Math.atan2(y, x);
  const hourAngle = ((place.lon - degrees(longitude)) / 15 + 48) % 24;
  const satellite = (time: AstroTime): Vector => {
    const rightAscension = radians(SiderealTime(time) * 15) + longitude;
    return [
      Math.cos(declination) * Math.cos(rightAscension),
      Math.cos(declination) * Math.sin(rightAscension),
      Math.sin(declination),
    ];
  };
  const sun = (time: AstroTime) => Equator(Body.Sun, time, observer, true, true);
  // The straight line between the two directions on the unit sphere: exact near zero, where a cosine is not.
  const chord = (time: AstroTime): number => {
    const { vec } = sun(time);
    const [sx, sy, sz] = satellite(time);
    const distance = vec.Length();
    return Math.hypot(vec.x / distance - sx, vec.y / distance - sy, vec.z / distance - sz);
  };
  const halfMinute = 30 / 86_400;
  return {
    nextPass: (after) => SearchHourAngle(Body.Sun, observer, hourAngle, after).time,
    declinationGapDeg: (time) => Math.abs(sun(time).dec - degrees(declination)),
    separationDeg: (time) => degrees(2 * Math.asin(chord(time) / 2)),
    growth: (time) => chord(time.AddDays(halfMinute)) ** 2 - chord(time.AddDays(-halfMinute)) ** 2,
  };
}
