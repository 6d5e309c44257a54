/**
 * Whether one of these is the reader: whoever joined accounts by /link is one person with each of them.
 *
 * @param {readonly string[]} memberIds @param {readonly string[]} accountIds of the reader
 */
export const hasOwn = (memberIds, accountIds) => memberIds.some((id) => accountIds.includes(id));
