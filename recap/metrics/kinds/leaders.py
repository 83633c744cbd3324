"""SQL shared by the kinds that find the leading group of a customer: top items, busiest times."""

SHARE = "CASE WHEN most > 0 AND total > 0 THEN least(1, most / total)::DOUBLE END AS share"
"""The part of everything that the leading group makes; where amounts go below zero, all of it at most."""


def regroup(rollup: str, key: str) -> str:
    """Write the subquery of a rollup by customer in coarser groups; `key` is SQL over its own."""
    return f"""(SELECT customer_id, {key} AS key, sum(n)::BIGINT AS n, sum(value) AS value
  FROM {rollup} GROUP BY ALL)"""


def leaders_query(
    groups: str, *, keep: int, ties: int, number: str = "most", alone: str = "groups = 1"
) -> str:
    """Select what a kind's query gives, `share` included, from `groups` (`customer_id, key, n, value`).

    `keep` leading entries are kept in detail's `items`, at most `ties` tied keys in `tied`, both in the order
    of the key among equals. `number` is what the value is measured by, a column such as `most` or `groups`;
    `alone` is the condition under which there was nothing to compare the leader with.
    """
    # The leading entries are the least few of a struct ordered by (most first, then key), which DuckDB keeps
    # in a bounded heap for each customer: no sort of the whole, no window.
    return f"""WITH entries AS (SELECT * FROM {groups} WHERE value IS NOT NULL),
totals AS (
  SELECT customer_id, max(value) AS most, sum(value) AS total, sum(n)::BIGINT AS rows, count(*) AS groups,
    min({{'minus': -value, 'key': key, 'n': n}}, {keep}) AS leaders
  FROM entries GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_count, min(key, {ties}) AS tied
  FROM entries JOIN totals USING (customer_id) WHERE value = most GROUP BY customer_id
)
SELECT customer_id, {number} AS number, tied[1]::VARCHAR AS text, to_json({{
  'items': list_transform(leaders, lambda e: {{'label': e.key, 'value': -e.minus, 'rows': e.n}}),
  'tied': tied, 'tied_count': tied_count, 'groups': groups, 'total': total
}}) AS detail, rows, {alone} AS alone, {SHARE}
FROM totals JOIN ties USING (customer_id)"""


def series_query(groups: str, *, ties: int = 24, number: str = "most", label: str = "{}") -> str:
    """Select the same where there are few groups, as hours of the day: all are kept, as `series` by key.

    `label` writes a key as it is told, such as `strftime({}, '%Y-%m')`.
    """
    # Few groups are quicker put side by side in lists than aggregated again.
    told = label.format("tied[1]")
    return f"""WITH totals AS (
  SELECT customer_id, max(value) AS most, sum(value) AS total, sum(n)::BIGINT AS rows, count(*) AS groups,
    list(key) AS keys, list(value) AS amounts, list(n) AS counts
  FROM {groups} WHERE value IS NOT NULL GROUP BY customer_id
),
ties AS (
  SELECT *, list_sort(list_where(keys, list_transform(amounts, lambda a: a = most))) AS tied FROM totals
)
SELECT customer_id, {number} AS number, ({told})::VARCHAR AS text, to_json({{
  'items': [{{'label': {told}, 'value': most, 'rows': counts[list_position(keys, tied[1])]}}],
  'tied': list_transform(tied[:{ties}], lambda k: {label.format("k")}), 'tied_count': len(tied),
  'groups': groups, 'total': total,
  'series': list_transform(
    list_sort(list_zip(keys, amounts)), lambda e: {{'key': {label.format("e[1]")}, 'value': e[2]}}
  )
}}) AS detail, rows, groups = 1 AS alone, {SHARE}
FROM ties"""
