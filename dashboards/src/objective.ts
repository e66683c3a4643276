/** The share of known lesson minutes that is to be up, as in the bureau's reports where nothing else is set: docs/reports.md. */
export const objective = 0.995;
