"""SQL shared by the kinds that find the leading group of a customer: top items, busiest times.

The leading entries are the smallest few of a struct ordered by (most first, then key), which DuckDB keeps in
a bounded heap for each group: no sort of the whole, no window.
"""


def leaders_query(
    groups: str, *, keep: int, ties: int, series: int = 0, number: str = "most", alone: str = "groups = 1"
) -> str:
    """Select `customer_id, number, text, detail, rows, alone` from `groups` (`customer_id, key, n, value`).

    `keep` leading entries are kept in detail's `items`, at most `ties` tied keys in `tied`, both in the order
    of the key among equals. `series` entries are kept in key order as `series`; 0 keeps none.
    `number` is what the value is measured by, `most` or `total`; `alone` is the condition under which there
    was nothing to compare the leader with.
    """
    keys = f", min({{'key': key, 'value': value}}, {series}) AS series" if series else ""
    series_detail = ", 'series': series" if series else ""
    return f"""WITH entries AS (SELECT * FROM {groups} WHERE value IS NOT NULL),
totals AS (
  SELECT customer_id, max(value) AS most, sum(value) AS total, sum(n)::BIGINT AS rows, count(*) AS groups,
    min({{'minus': -value, 'key': key, 'n': n}}, {keep}) AS leaders{keys}
  FROM entries GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_count, min(key, {ties}) AS tied
  FROM entries JOIN totals USING (customer_id) WHERE value = most GROUP BY customer_id
)
SELECT customer_id, {number} AS number, tied[1]::VARCHAR AS text, to_json({{
  'items': list_transform(leaders, lambda e: {{'label': e.key, 'value': -e.minus, 'rows': e.n}}),
  'tied': tied, 'tied_count': tied_count, 'groups': groups, 'total': total{series_detail}
}}) AS detail, rows, {alone} AS alone
FROM totals JOIN ties USING (customer_id)"""
