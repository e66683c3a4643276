import { throughputAccesses } from '@tongtang/hub/throughput/access';
import { HostPortText } from '@tongtang/runtime/host-port';
import { logLevels } from '@tongtang/runtime/log';
import { type Static, Type } from 'typebox';

/** Where a hub listens whom nobody told where. */
export const defaultHttp = '127.0.0.1:8080';

/**
 * Every setting of hub and agents: from this one schema come the flags, the environment variables, the keys of
 * tongtang.yaml and docs/configuration.md. `title` is the description in Chinese.
 */
export const Settings = Type.Object(
  {
    data: Type.String({
      default: 'data',
      minLength: 1,
      description: 'Folder for everything that is kept: databases, the agent’s identity and outbox, logs',
      title: '存放全部数据的文件夹：数据库、代理身份与待发队列、日志',
    }),
    http: Type.Intersect([HostPortText], {
      default: defaultHttp,
      description: 'Where the hub serves console and API. 0.0.0.0:8080 for every network of the machine',
      title: '中心提供控制台与接口的地址；0.0.0.0:8080 表示本机所有网络',
    }),
    mqtt: Type.Intersect([HostPortText], {
      default: '127.0.0.1:1883',
      description: 'Where the embedded broker listens. Not used with an external broker',
      title: '内置 MQTT 服务器的监听地址；使用外部服务器时无效',
    }),
    stamp: Type.Intersect([HostPortText], {
      default: '127.0.0.1:8620',
      description: 'Where the hub answers STAMP test packets (UDP)',
      title: '中心应答 STAMP 测量包的地址（UDP）',
    }),
    store: Type.String({
      pattern: '^(sqlite:.*|https?://.+)$',
      form: 'must be "sqlite:" or http://user:password@host:8086/database',
      default: 'sqlite:',
      description:
        'Where telemetry is kept: "sqlite:" in the data folder, or http://user:password@host:8086/database for InfluxDB',
      title: '遥测数据存放处："sqlite:" 存于数据文件夹；或 InfluxDB：http://用户:密码@主机:8086/库',
    }),
    broker: Type.Optional(
      Type.String({
        pattern: '^mqtts?://.+$',
        form: 'must be mqtt://user:password@host:1883 or mqtts://…',
        description: 'External broker that the hub uses instead of the embedded one',
        title: '外部 MQTT 服务器，代替内置的',
      }),
    ),
    agentBroker: Type.Optional(
      Type.String({
        pattern: '^mqtts?://[^/@]+$',
        form: 'must be mqtt://host:1883 or mqtts://host:8883',
        description:
          'Broker address told to agents at enrolment, where it is another than the hub’s own, such as behind a TLS proxy',
        title: '代理接入时告诉它的 MQTT 服务器地址，与中心自己的不同时填写，例如经由 TLS 反向代理',
      }),
    ),
    adminToken: Type.Optional(
      Type.String({
        minLength: 16,
        description: 'A bearer token with the admin role, for automation. At least 16 characters',
        title: '管理员权限的访问令牌，供自动化使用；至少 16 个字符',
      }),
    ),
    bytesPerDay: Type.Integer({
      default: 1_200_000,
      minimum: 100_000,
      description:
        'The most bytes an agent may exchange with the hub a day for its reports, protocol overhead included. What its probes send is not counted',
      title: '每个代理每天用于上报的字节上限，含协议开销；探测本身的流量不计',
    }),
    throughput: Type.Enum([...throughputAccesses], {
      default: 'agents',
      description:
        'Who may test the throughput to the hub (ndt7): "agents" and whoever has a token of an admin or a technician, "open" to everybody, or "off"',
      title: '谁可以向中心测带宽（ndt7）：agents 代理及持有管理员或技术员令牌者，open 任何人，off 关闭',
    }),
    notify: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'File with robots, mailboxes and routes for messages to people (docs/notify.md). Without it, notify.yaml in the data folder where there is one',
        title:
          '通知配置文件：机器人、邮箱与路由（见 docs/notify.zh-CN.md）；未设置时用数据文件夹中的 notify.yaml（如有）',
      }),
    ),
    logLevel: Type.Enum([...logLevels], {
      default: 'info',
      description: 'Least severity that is logged',
      title: '日志的最低级别',
    }),
  },
  { additionalProperties: false },
);
export type Settings = Static<typeof Settings>;
