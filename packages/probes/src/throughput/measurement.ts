/** The parts of a measurement message that are used; units are the protocol's: octets and microseconds. */
export type Measurement = Readonly<{ AppInfo?: Figures; TCPInfo?: Figures }>;
type Figures = Readonly<Partial<Record<(typeof names)[number], number>>>;

const names = [
  'NumBytes',
  'ElapsedTime',
  'BytesAcked',
  'BytesReceived',
  'BytesSent',
  'BytesRetrans',
  'MinRTT',
] as const;

/**
 * Reads a measurement message. What is unknown is left out, as is what is no number of octets or microseconds.
 * @returns undefined where the text is no JSON object
 */
export function readMeasurement(text: string): Measurement | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(message)) return undefined;
  return {
    ...(isObject(message.AppInfo) && { AppInfo: figuresOf(message.AppInfo) }),
    ...(isObject(message.TCPInfo) && { TCPInfo: figuresOf(message.TCPInfo) }),
  };
}

/** Octets that had arrived at a receiver, and after how many seconds; undefined where it does not say both. */
export function receivedOf({ AppInfo = {}, TCPInfo = {} }: Measurement): Arrived | undefined {
  return (
    arrived(TCPInfo.BytesReceived, TCPInfo.ElapsedTime) ?? arrived(AppInfo.NumBytes, AppInfo.ElapsedTime)
  );
}
export type Arrived = Readonly<{ bytes: number; seconds: number }>;

/** Smallest round trip that the sender's TCP saw, in milliseconds. */
export function minimumRttMs({ TCPInfo }: Measurement): number | undefined {
  return TCPInfo?.MinRTT === undefined ? undefined : TCPInfo.MinRTT / 1000;
}

/** Share of the octets that the sender's TCP had to send again: BytesRetrans / BytesSent. */
export function retransmitRatio({ TCPInfo = {} }: Measurement): number | undefined {
  const { BytesRetrans: again, BytesSent: sent } = TCPInfo;
  return again === undefined || !sent || again > sent ? undefined : again / sent;
}

/** Mean rate in bit/s; undefined where no time has passed. */
export function bitRate({ bytes, seconds }: Arrived): number | undefined {
  return seconds > 0 ? (8 * bytes) / seconds : undefined;
}

function arrived(bytes: number | undefined, micros: number | undefined): Arrived | undefined {
  return bytes === undefined || !micros ? undefined : { bytes, seconds: micros / 1e6 };
}

function figuresOf(part: Readonly<Record<string, unknown>>): Figures {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = part[name];
      return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
        ? [[name, value]]
        : [];
    }),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
