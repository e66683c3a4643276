import { expect, it } from 'vitest';
import { parseJoinedGroups } from './joined-groups.ts';

/** As Linux 6.12 prints it. */
const table = `Idx	Device    : Count Querier	Group    Users Timer	Reporter
1	lo        :     1      V3
				010000E0     1 0:00000000		0
2	eth1      :     3      V2
				0101EFEF     2 0:00000000		1
				010000E0     1 0:00000000		0
7	wlx00c0cab2f4a1:     2      V3
				0101EFEF     1 1:00000C35		0
`;

it('the interfaces on which a group is joined, and by how many', () => {
  expect([...parseJoinedGroups(table, '239.239.1.1')]).toEqual([
    ['eth1', 2],
    ['wlx00c0cab2f4a1', 1],
  ]);
  expect(parseJoinedGroups(table, '239.239.1.2').size).toBe(0);
});
