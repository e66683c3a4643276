import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { inLanguage, type PageLanguage } from './language.ts';
import type { Limits } from './limits.ts';

export const colours = {
  byThreshold: new FieldColorBuilder().mode(FieldColorModeId.Thresholds),
} as const;

export function thresholdsOf(limits: Limits): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(limits.map(({ from, colour }) => ({ value: from, color: colour })));
}

/** A yes/no as people read it. */
export function yesAndNo(language: PageLanguage): ValueMapping[] {
  const to = (match: SpecialValueMatch, color: string, text: string): ValueMapping => ({
    type: MappingType.SpecialValue,
    options: { match, result: { color, text } },
  });
  return [
    to(SpecialValueMatch.True, 'green', inLanguage({ zh: '是', en: 'yes' }, language)),
    to(SpecialValueMatch.False, 'red', inLanguage({ zh: '否', en: 'no' }, language)),
  ];
}
