import { marginLimits } from '../link.ts';
import { field, type MeasurementDefinition, outcomeFields, tally } from './definition.ts';

/**
 * What receivers tell of their dish, whichever way they are asked. A receiver that does not tell a figure leaves it out; it is
 * never zero. Relative figures are not comparable between models and never become decibels.
 */
export const signalMeasurements = {
  signal: {
    title: { zh: '卫星信号', en: 'Satellite signal' },
    description: {
      zh: '卫星接收机所报告的锁定、信噪比、电平与误码',
      en: 'Lock, carrier to noise, level and errors as a satellite receiver tells them',
    },
    tags: ['link', 'target'],
    fields: {
      ...outcomeFields,
      locked: field(
        'boolean',
        '',
        '锁定',
        'Locked',
        '载波与纠错均已锁定；接收机未应答时缺省',
        'Whether carrier and error correction are locked. Absent where the receiver did not answer',
      ),
      cn_db: field(
        'float',
        'dB',
        '载噪比',
        'C/N',
        '载噪比，或接收机以此名报告的 Es/N0、SNR',
        'Carrier to noise, or what the receiver tells under this name: Es/N0, SNR',
      ),
      ebn0_db: field(
        'float',
        'dB',
        '比特信噪比',
        'Eb/N0',
        '每比特能量与噪声密度之比',
        'Energy per bit to noise density',
      ),
      margin_db: {
        ...field(
          'float',
          'dB',
          '余量',
          'Margin',
          '高出当前调制编码门限的分贝数；调制未知时缺省',
          'How far the signal is above what its modulation needs. Absent where the modulation is not known',
        ),
        limits: [
          { below: marginLimits.degraded, title: { zh: '授课所需', en: 'needed for lessons' } },
          { below: marginLimits.critical, title: { zh: '低于此易出错', en: 'below: errors likely' } },
          { below: marginLimits.failed, title: { zh: '低于此无法接收', en: 'below: no reception' } },
        ],
      },
      level_dbm: field(
        'float',
        'dBm',
        '电平',
        'Level',
        '接收机输入电平，误差常有 3 至 10 dB',
        'Level at the receiver, often 3 to 10 dB off',
      ),
      level_ratio: field(
        'float',
        '1',
        '相对电平',
        'Relative level',
        '电平占满刻度的比例，不同型号不可比',
        'Level as a share of full scale; not comparable between models',
      ),
      quality_ratio: field(
        'float',
        '1',
        '相对质量',
        'Relative quality',
        '质量占满刻度的比例，不同型号不可比',
        'Quality as a share of full scale; not comparable between models',
      ),
      ber_pre: field(
        'float',
        '1',
        '纠错前误码率',
        'BER before correction',
        '纠错前的误比特率',
        'Bit errors before error correction',
      ),
      ber_post: field(
        'float',
        '1',
        '纠错后误码率',
        'BER after correction',
        '（内码）纠错后的误比特率',
        'Bit errors after the (inner) error correction',
      ),
      per: field(
        'float',
        '1',
        '误包率',
        'Packet errors',
        '不可纠正的包所占比例',
        'Share of packets that could not be corrected',
      ),
      uncorrected: tally(
        'integer',
        'packets',
        '不可纠包',
        'Uncorrected',
        '自上次读数以来不可纠正的包数；首次与计数器清零后从零计',
        'Packets that could not be corrected since the reading before; none at the first, and counted from nought after a reset',
      ),
      modulation: field(
        'string',
        '',
        '调制编码',
        'Modulation',
        '标准与调制编码方式，如 DVB-S2 8PSK 3/4',
        'Standard, modulation and code rate, such as DVB-S2 8PSK 3/4',
      ),
      symbol_rate: field('integer', 'Bd', '符号率', 'Symbol rate', '每秒符号数', 'Symbols a second'),
      frequency_hz: field(
        'integer',
        'Hz',
        '频率',
        'Frequency',
        '接收机所报告的频率：L 波段或下行频率',
        'Frequency as the receiver tells it: of the L-band or of the downlink',
      ),
      raw: field(
        'string',
        '',
        '原始读数',
        'As told',
        '接收机原样报告的数值与单位',
        'The values and units as the receiver told them',
      ),
    },
  },
} as const satisfies Record<string, MeasurementDefinition>;
