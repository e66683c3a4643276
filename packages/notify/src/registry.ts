import type { ChannelKind } from './channel.ts';
import { dingtalk } from './channels/dingtalk.ts';
import { feishu } from './channels/feishu.ts';
import { mail } from './channels/mail.ts';
import { webhook } from './channels/webhook.ts';
import { wecom } from './channels/wecom.ts';

/** Every kind of channel. */
export const channelKinds: readonly ChannelKind[] = [wecom, dingtalk, feishu, mail, webhook];
