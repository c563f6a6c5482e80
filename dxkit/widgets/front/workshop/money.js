// How a cost is written; one that nobody knows yet is not nothing.

export const money = (cost, unit) => (cost === null || cost === undefined ? "成本未定" : `${Number(cost.toFixed(4))} ${unit}`);
