import type { Cause, IncidentNode } from '@tongtang/model/incident';
import type { Language } from '@tongtang/model/text';

/** The first three things to check, in order. */
export type Checklist = Readonly<Record<Language, readonly [string, string, string]>>;

const general: Checklist = {
  zh: ['看证据里最先出问题的机器', '打电话请学校看设备的电源灯和网线', '等积压数据补传后再看本故障'],
  en: [
    'look at the machine that the evidence names first',
    'have somebody at the school look at power lights and cables',
    'look again when the backlog has come',
  ],
};

/** What to look at first, by cause; where the cause is unknown, by place. */
export const checklists: Readonly<{
  known: Readonly<Record<Exclude<Cause, 'unknown'>, Checklist>>;
  unknown: Readonly<Record<IncidentNode, Checklist>>;
}> = {
  known: {
    'front-end-outage': {
      zh: ['问前端学校是否停播、停电', '看前端通知和课表', '看其他县是否同样收不到'],
      en: [
        'ask the front-end school whether it sends',
        'look at its notices and timetable',
        'ask another county whether it receives',
      ],
    },
    'carrier-lost': {
      zh: ['看卫星公司公告', '问邻县是否同时失锁', '核对频率、极化、符号率是否刚改'],
      en: [
        "look at the satellite operator's notices",
        'ask a neighbouring county whether it lost lock at the same time',
        'check whether frequency, polarisation or symbol rate were changed',
      ],
    },
    'rain-fade': {
      zh: ['雨停后看是否恢复', '有地网的班改走地网', '常因小雨中断则检查天线指向'],
      en: [
        'see whether it comes back when the rain ends',
        'let classes that have broadband use it meanwhile',
        'where light rain is enough, check how the dish points',
      ],
    },
    'sun-outage': {
      zh: ['无须上门，几分钟后自行恢复', '看日凌预报的结束时间', '受影响的课改走地网或顺延'],
      en: [
        'nobody has to go there: it ends in minutes',
        'look at the predicted end',
        'let lessons that it hits use broadband, or move them',
      ],
    },
    mispointing: {
      zh: ['看天线是否被风吹动、被碰或松动', '用接收机的信号表重新对星', '看天线前有无新遮挡'],
      en: [
        'see whether wind or people moved the dish, or a bolt is loose',
        "point it anew by the receiver's meter",
        'look for something new in front of it',
      ],
    },
    'lnb-loss': {
      zh: ['看接收机是否给高频头供电（13/18 V）', '检查馈线接头和功分器有无进水', '换一个高频头试'],
      en: [
        'see whether the receiver feeds the LNB (13/18 V)',
        'look at connectors and splitters for water',
        'try another LNB',
      ],
    },
    'receiver-off': {
      zh: ['看接收机电源灯', '看接收机网线和交换机端口', '断电重启接收机'],
      en: [
        "look at the receiver's power light",
        'look at its network cable and switch port',
        'switch it off and on',
      ],
    },
    'stream-lost': {
      zh: ['看接收机节目和组播输出设置', '看交换机 IGMP 设置', '在接收机旁直接收流试'],
      en: [
        "look at the receiver's programme and multicast output",
        "look at the switch's IGMP settings",
        'receive the stream right beside the receiver',
      ],
    },
    'stream-damaged': {
      zh: ['看交换机端口错误计数和双工', '看校园网是否有大流量', '换接收机到交换机的网线'],
      en: [
        'look at errors and duplex of the switch ports',
        'look for heavy traffic in the school',
        'change the cable between receiver and switch',
      ],
    },
    'hub-away': {
      zh: ['看中心服务器是否开机、程序是否运行', '看中心机房的网络', '恢复后等各校补传，不必逐校检查'],
      en: [
        "see whether the hub's machine and program run",
        "look at the network of the hub's site",
        'when it is back, wait for the backlogs: no school needs a visit',
      ],
    },
    'provider-outage': {
      zh: ['向运营商报障，报学校名单和开始时间', '问县里其他单位是否也断', '直播课改走天网'],
      en: [
        'report it to the provider, with schools and time',
        'ask others in the county whether they are cut off, too',
        'let live lessons use the satellite',
      ],
    },
    'line-cut': {
      zh: ['看学校光猫的光信号灯', '重启光猫和出口路由器', '向运营商报障，报开始时间'],
      en: [
        "look at the light of the school's modem",
        'switch modem and router off and on',
        'report it to the provider, with the time',
      ],
    },
    'line-or-power': {
      zh: ['打电话问学校是否停电', '有电则看光猫的光信号灯', '问附近学校是否一样'],
      en: [
        'ask the school by telephone whether it has power',
        'if so, look at the light of the modem',
        'ask schools nearby',
      ],
    },
    congestion: {
      zh: ['看谁在大量上传或下载', '课间测一次速率', '与合同带宽比较'],
      en: ['see who uploads or downloads', 'test the throughput in a break', 'compare with the contract'],
    },
    'power-lost': {
      zh: ['问学校是否停电或跳闸', '看插线板和总开关', '常发生则装不间断电源'],
      en: [
        'ask whether power failed or a breaker tripped',
        'look at the socket strip and the main switch',
        'where it happens often, put in a UPS',
      ],
    },
    'lan-failure': {
      zh: ['看交换机是否有电、指示灯是否狂闪（环路）', '拔掉刚插的网线', '重启出口路由器和交换机'],
      en: [
        'see whether the switch has power, or blinks like mad (a loop)',
        'pull the cable that was plugged in last',
        'switch router and switch off and on',
      ],
    },
    'pc-cable': {
      zh: ['看电脑网口灯', '换网线或换交换机端口', '看网卡是否被停用'],
      en: [
        "look at the light of the PC's socket",
        'change the cable, or the port of the switch',
        'see whether the network card is switched off',
      ],
    },
    'agent-ended': {
      zh: ['看代理程序日志的最后几行', '看是否被安全软件停掉', '重启代理程序'],
      en: [
        "read the last lines of the agent's log",
        'see whether security software stopped it',
        'start it again',
      ],
    },
    'disk-full': {
      zh: ['删除旧录播和临时文件', '看录播缓存目录大小', '换大硬盘'],
      en: [
        'remove old recordings and temporary files',
        'look at the folder of recordings',
        'put in a larger disk',
      ],
    },
    'clock-wrong': {
      zh: ['打开系统自动对时', '更换主板电池', '核对时区'],
      en: [
        'let the system set its clock by the network',
        'change the battery of the mainboard',
        'check the time zone',
      ],
    },
  },
  unknown: {
    'front-end': general,
    satellite: general,
    dish: {
      zh: ['看天线上有无积雪、遮挡', '看接收机给高频头的供电和馈线接头', '用接收机的信号表看电平和载噪比'],
      en: [
        'look for snow or anything else on the dish',
        'look at the power of the LNB and at connectors',
        "read level and C/N from the receiver's meter",
      ],
    },
    receiver: general,
    stream: {
      zh: ['看接收机是否锁定', '看组播输出和交换机', '在教室电脑上直接收流试'],
      en: [
        'see whether the receiver is locked',
        'look at its multicast output and the switch',
        'receive the stream on a classroom PC',
      ],
    },
    hub: general,
    broadband: {
      zh: ['看学校能否上其他网站', '看出口路由器的防火墙是否改动', '从中心向学校做路由跟踪'],
      en: [
        'see whether the school reaches other sites',
        "look for changes of the router's firewall",
        'trace the route between school and hub',
      ],
    },
    school: general,
    lan: {
      zh: ['看这些教室共用的交换机', '看这些教室有没有电', '问是否有人动过网线'],
      en: [
        'look at the switch that these rooms share',
        'see whether these rooms have power',
        'ask whether somebody touched cables',
      ],
    },
    classroom: {
      zh: ['问教室电脑是否开机', '看网线和网口灯', '看代理程序是否在运行'],
      en: [
        'ask whether the PC is on',
        'look at its cable and the light of the socket',
        'see whether the agent runs',
      ],
    },
  },
};
