import type { ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import type { Catalogue, EnrolmentCode } from '../src/api/answers.ts';
import { testSeries } from './bandwidth.ts';
import { agentsAt, county } from './county.ts';
import { overviewAt, samplesAt, seriesOf } from './figures.ts';
import { incidentListAt, incidentsAt, maintenanceAt } from './incidents.ts';
import { lessonsOn, outcomesOn } from './lessons.ts';
import { changesBetween, reportAt, reportPeriods, reportsAt, scheduleAt } from './reports.ts';
import { sunOutagesOf } from './sun-outages.ts';
import { visitCountsAt, visitsAt } from './visits.ts';

/** Hub time in seconds. */
type Clock = () => number;

/** A hub for working on the console without one: the HTTP API over made-up figures, everybody signed in as admin. */
export function fixtureHub(now: Clock = () => Date.now() / 1000): Plugin {
  return {
    name: 'tongtang-fixture-hub',
    configureServer: (server) => {
      server.middlewares.use('/api/v1', (request, response) => {
        const url = new URL(request.url ?? '/', 'http://fixture');
        const live = url.pathname === '/live';
        if (live) {
          const agents = (url.searchParams.get('agents') ?? '').split(',').filter(Boolean);
          return streamLive(response, agents, now);
        }
        response.setHeader('content-type', 'application/json');
        const answer = answerTo(url, now);
        if (answer === undefined) {
          response.statusCode = 404;
          response.end(JSON.stringify({ error: { code: 'not-found', message: 'no such thing' } }));
        } else response.end(JSON.stringify(answer));
      });
    },
  };
}

function answerTo({ pathname, searchParams }: URL, now: Clock): unknown {
  const [, name = '', id = '', part, more] = pathname.split('/');
  const text = (key: string): string => searchParams.get(key) ?? '';
  switch (name) {
    case 'sign-in':
    case 'sign-out':
      return {};
    case 'about':
      return { simulated: false };
    case 'me':
      return { user: 'admin', role: 'admin' };
    case 'places':
      return { counties: [county] };
    case 'overview':
      return overviewAt(now());
    case 'catalogue':
      return catalogue;
    case 'agents':
      return part === 'latest' ? samplesAt(id, now(), now() - 4) : agentsAt(now());
    case 'series':
      if (text('measurement') === 'throughput')
        return testSeries({ school: text('school'), agent: text('agent'), field: text('field') }, now());
      return seriesOf(
        {
          measurement: text('measurement'),
          field: text('field'),
          agent: text('agent'),
          from: Date.parse(text('from')) / 1000,
          to: Date.parse(text('to')) / 1000,
          every: Number(text('every') || 10),
        },
        now(),
      );
    case 'incidents':
      return id === ''
        ? incidentListAt(now(), text('over') === 'false')
        : incidentsAt(now()).find((incident) => incident.id === id);
    case 'counties':
      if (part === 'visits') return (more === undefined ? visitsAt : visitCountsAt)(dayOf(now()));
      if (part === 'report-periods') return reportPeriods;
      return part === 'report-schedule' ? scheduleAt(now()) : maintenanceAt(now());
    case 'reports':
      if (id === '') return reportsAt(now(), text('school'));
      return part === 'changes'
        ? changesBetween(Number(text('from')), Number(text('to')))
        : reportAt(now(), id, text('revision'));
    case 'schools':
      return sunOutagesOf(part ?? '');
    case 'lessons': {
      const date = text('date') || dayOf(now());
      return id === 'outcomes' ? outcomesOn(date, now()) : lessonsOn(date, now());
    }
    case 'ledger':
      return ledgerOf(id, now);
    case 'enrolment-codes':
      return {
        code: '7KQM-X3PA-9T',
        expiresAt: now() + 86_400,
        command: 'npx tongtang agent enroll http://10.20.0.5:8080 7KQM-X3PA-9T',
        onlyHere: ['agentBroker'],
      } satisfies EnrolmentCode;
    default:
      return undefined;
  }
}

/** The day that it is in the county, eight hours ahead of UTC. */
function dayOf(seconds: number): string {
  return new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 10);
}

function ledgerOf(agent: string, now: Clock): unknown {
  const whole = { id: 'k3f9a0c2d4e6b8', received: [[1, 48_210]], missing: [], lost: [] };
  const holed = {
    id: 'b81c0d22aa907f',
    received: [
      [1, 9000],
      [9048, 12_001],
      [12_422, 16_610],
    ],
    missing: [
      [9001, 9047],
      [12_002, 12_421],
    ],
    lost: [[9001, 9047]],
  };
  const times = { firstSeen: now() - 900_000, lastSeen: now() - 5 };
  return { outboxes: [{ ...(agent === 'yanglong-c1' ? holed : whole), ...times }] };
}

function streamLive(response: ServerResponse, agents: readonly string[], now: Clock): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (event: string, data: unknown): void => {
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const tick = (): void => {
    for (const agent of agentsAt(now())) send('agent', { agent });
    for (const agent of agents) send('samples', { agent, samples: samplesAt(agent, now(), now()) });
  };
  tick();
  const timer = setInterval(tick, 10_000);
  response.on('close', () => clearInterval(timer));
}

type FieldType = Catalogue[string]['fields'][string]['type'];
const field = (zh: string, en: string, unit: string, type: FieldType = 'float') => ({
  type,
  unit,
  title: { zh, en },
  description: { zh, en },
});
const tally = (zh: string, en: string, unit: string): Catalogue[string]['fields'][string] => ({
  ...field(zh, en, unit, 'integer'),
  addsUp: true,
});
const measurement = (zh: string, en: string, tags: string[], fields: Catalogue[string]['fields']) => ({
  title: { zh, en },
  description: { zh, en },
  tags,
  fields,
});
const outcome = {
  ok: field('成功', 'Success', '', 'boolean'),
  duration_ms: field('探测耗时', 'Duration', 'ms'),
  failure: field('失败来源', 'Failure source', '', 'string'),
  error: field('失败原因', 'Error', '', 'string'),
};
const trip = {
  ...outcome,
  sent: tally('发送', 'Sent', 'packets'),
  loss_ratio: field('丢包率', 'Loss', '1'),
  rtt_min_ms: field('最小往返时延', 'Minimum RTT', 'ms'),
  rtt_ms: field('往返时延', 'RTT', 'ms'),
  rtt_max_ms: field('最大往返时延', 'Maximum RTT', 'ms'),
};

/** As much of the catalogue as the made-up figures fill. */
const catalogue: Catalogue = {
  stamp: measurement('STAMP 双向测量', 'STAMP', ['link', 'target'], {
    ...trip,
    jitter_ms: field('抖动', 'Jitter', 'ms'),
    loss_up: tally('上行丢包', 'Loss up', 'packets'),
    loss_down: tally('下行丢包', 'Loss down', 'packets'),
    offset_ms: field('时钟偏差', 'Clock offset', 'ms'),
    r_factor: field('通话质量（R 值）', 'Voice quality (R)', '1', 'integer'),
  }),
  ping: measurement('Ping', 'Ping', ['link', 'target'], trip),
  dns: measurement('域名解析', 'DNS', ['link', 'target'], {
    ...outcome,
    resolve_ms: field('解析时间', 'Resolve time', 'ms'),
    answers: field('应答数', 'Answers', '1', 'integer'),
  }),
  http: measurement('HTTP 访问', 'HTTP', ['link', 'target'], {
    ...outcome,
    resolve_ms: field('解析时间', 'Resolve time', 'ms'),
    connect_ms: field('连接时间', 'Connect time', 'ms'),
    first_byte_ms: field('首字节时间', 'First byte', 'ms'),
    status: field('状态码', 'Status', '', 'integer'),
  }),
  signal: measurement('卫星信号', 'Satellite signal', ['link', 'target'], {
    ...outcome,
    locked: field('锁定', 'Locked', '', 'boolean'),
    cn_db: field('载噪比', 'C/N', 'dB'),
    margin_db: {
      ...field('余量', 'Margin', 'dB'),
      limits: [
        { below: 3, title: { zh: '授课所需', en: 'needed for lessons' } },
        { below: 1.5, title: { zh: '低于此易出错', en: 'below: errors likely' } },
        { below: 0, title: { zh: '低于此无法接收', en: 'below: no reception' } },
      ],
    },
    level_dbm: field('电平', 'Level', 'dBm'),
    ber_pre: field('纠错前误码率', 'BER before correction', '1'),
    uncorrected: tally('不可纠包', 'Uncorrected', 'packets'),
    modulation: field('调制编码', 'Modulation', '', 'string'),
    symbol_rate: field('符号率', 'Symbol rate', 'Bd', 'integer'),
    frequency_hz: field('频率', 'Frequency', 'Hz', 'integer'),
    raw: field('原始读数', 'As told', '', 'string'),
  }),
  mpegts: measurement('直播流测量', 'MPEG-TS', ['link', 'target'], {
    ...outcome,
    stream_bit_s: field('码率', 'Bit rate', 'bit/s'),
    absent_s: { ...field('断流时长', 'Away', 's'), addsUp: true },
    continuity_errors: tally('连续计数错误', 'Continuity errors', 'packets'),
    pat_errors: tally('PAT 错误', 'PAT errors', '1'),
    stream_score: field('码流评分', 'Stream score', '1', 'integer'),
    score_from: field('评分依据', 'Score from', '', 'string'),
  }),
  throughput: measurement('带宽测量', 'Throughput', ['link', 'target'], {
    ...outcome,
    download_bit_s: field('下载速率', 'Download rate', 'bit/s'),
    download_cut_short: field('下载提前结束原因', 'Download cut short', '', 'string'),
    upload_bit_s: field('上传速率', 'Upload rate', 'bit/s'),
    upload_cut_short: field('上传提前结束原因', 'Upload cut short', '', 'string'),
  }),
  host: measurement('本机', 'Host', [], {
    cpu_ratio: field('CPU 占用', 'CPU', '1'),
    memory_used_ratio: field('内存占用', 'Memory used', '1'),
    disk_free_bytes: field('磁盘剩余', 'Disk free', 'bytes', 'integer'),
    uptime_s: field('开机时长', 'Uptime', 's', 'integer'),
  }),
  interface: measurement('网卡', 'Network interface', ['interface'], {
    rx_bit_s: field('下行流量', 'Received', 'bit/s'),
    tx_bit_s: field('上行流量', 'Sent', 'bit/s'),
    rx_errors: tally('接收错误', 'Receive errors', 'packets'),
  }),
  agent: measurement('代理自身', 'Agent', [], {
    cpu_ratio: field('代理 CPU', 'Agent CPU', '1'),
    resident_bytes: field('代理内存', 'Agent memory', 'bytes', 'integer'),
    outbox_samples: field('待发样本', 'Backlog', '1', 'integer'),
    outbox_bytes: field('队列占用', 'Outbox size', 'bytes', 'integer'),
    outbox_oldest_s: field('最旧样本', 'Oldest sample', 's', 'integer'),
    dropped_samples: field('丢弃样本', 'Dropped samples', '1', 'integer'),
    clock_offset_ms: field('时钟偏差', 'Clock offset', 'ms'),
  }),
};
