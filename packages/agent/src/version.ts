import metadata from '../package.json' with { type: 'json' };

/** The agent's version, as status and enrolment say it. */
export const { version } = metadata;
