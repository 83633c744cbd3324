---- for each part of the customers

-- rollup_by_customer_before
SELECT
  customer_id,
  count(*) AS n_1
FROM part_history
GROUP BY ALL;

-- rollup_by_day
SELECT
  customer_id,
  ts::DATE AS key,
  count(*) AS n_1,
  count("amount") FILTER (WHERE (amount > 0 -- no refunds
)) AS n_2,
  sum("amount") FILTER (WHERE (amount > 0 -- no refunds
)) AS sum_3
FROM part_events
GROUP BY ALL;

-- metric_3, the rows of all parts kept
SELECT customer_id, count(*) AS number, NULL AS text,
  to_json({'exact': count(*)}) AS detail, sum(n)::BIGINT AS rows, false AS alone
FROM (SELECT customer_id, key, n_1 AS n, n_1 AS value FROM rollup_by_day WHERE n_1 > 0) GROUP BY customer_id;

-- metric_4, the rows of all parts kept
SELECT customer_id, -run.minus AS number, NULL AS text, to_json({
  'exact': -run.minus, 'first_day': run.first_step, 'last_day': run.last_step, 'tied_runs': tied_runs,
  'running': run.last_step = DATE '2026-12-31',
  'began_before': run.first_day < DATE '2026-01-01'
}) AS detail, run.events AS rows, false AS alone
FROM (WITH numbered AS (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY step) AS place FROM (
  SELECT customer_id, key AS step, n, key AS first_day, key AS last_day
  FROM (SELECT customer_id, key, n_1 AS n, n_1 AS value FROM rollup_by_day WHERE n_1 > 0)
)
),
runs AS (
  SELECT customer_id, count(*) AS steps, min(step) AS first_step, max(step) AS last_step,
    min(first_day) AS first_day, sum(n)::BIGINT AS events
  FROM numbered GROUP BY customer_id, step - 1 * place::INTEGER
  HAVING max(last_day) >= DATE '2026-01-01'
),
longest AS (
  SELECT customer_id, min({'minus': -steps, 'first_step': first_step, 'last_step': last_step,
    'first_day': first_day, 'events': events}) AS run
  FROM runs GROUP BY customer_id
)
SELECT customer_id, any_value(run) AS run, count(*) AS tied_runs
FROM runs JOIN longest USING (customer_id) WHERE steps = -run.minus GROUP BY customer_id);

-- metric_5, the rows of all parts kept
WITH totals AS (
  SELECT customer_id, max(value) AS most, sum(value) AS total, sum(n)::BIGINT AS rows, count(*) AS groups,
    list(key) AS keys, list(value) AS amounts, list(n) AS counts
  FROM (SELECT customer_id, date_trunc('month', key)::DATE AS key, sum(n)::BIGINT AS n, sum(value) AS value
  FROM (SELECT customer_id, key, n_1 AS n, n_1 AS value FROM rollup_by_day WHERE n_1 > 0) GROUP BY ALL) WHERE value IS NOT NULL GROUP BY customer_id
),
ties AS (
  SELECT *, list_sort(list_where(keys, list_transform(amounts, lambda a: a = most))) AS tied FROM totals
)
SELECT customer_id, most AS number, (strftime(tied[1], '%Y-%m'))::VARCHAR AS text, to_json({
  'items': [{'label': strftime(tied[1], '%Y-%m'), 'value': most, 'rows': counts[list_position(keys, tied[1])]}],
  'tied': list_transform(tied[:24], lambda k: strftime(k, '%Y-%m')), 'tied_count': len(tied),
  'groups': groups, 'total': total,
  'series': list_transform(
    list_sort(list_zip(keys, amounts)), lambda e: {'key': strftime(e[1], '%Y-%m'), 'value': e[2]}
  )
}) AS detail, rows, groups = 1 AS alone, CASE WHEN most > 0 AND total > 0 THEN least(1, most / total)::DOUBLE END AS share
FROM ties;

-- rollup_by_customer
SELECT
  customer_id,
  sum(n_1)::BIGINT AS n_1,
  sum(n_2)::BIGINT AS n_2,
  sum(sum_3) AS sum_3
FROM rollup_by_day
GROUP BY ALL;
-- drop rollup_by_day

-- metric_0, the rows of all parts kept
SELECT customer_id, value AS number, NULL AS text, to_json({'exact': value}) AS detail,
  n AS rows, false AS alone
FROM (SELECT customer_id, n_1 AS n, n_1 AS value FROM rollup_by_customer WHERE n_1 > 0);

-- metric_1, the rows of all parts kept
SELECT customer_id, value AS number, NULL AS text, to_json({'exact': value}) AS detail,
  n AS rows, false AS alone
FROM (SELECT customer_id, n_2 AS n, sum_3 AS value FROM rollup_by_customer WHERE n_2 > 0);

-- gathered_metric_9, the rows of all parts kept
SELECT customer_id, n, value FROM (SELECT customer_id, n_1 AS n, n_1 AS value FROM rollup_by_customer WHERE n_1 > 0);
-- drop rollup_by_customer

-- rollup_edges
SELECT
  customer_id,
  count(*) AS n_1,
  (min(_utc)) AS _first_6
FROM part_events
GROUP BY ALL;

-- rollup_moments
SELECT
  customer_id,
  min({'at': _utc, 'ts': ts, 'label': "item"::VARCHAR}) FILTER (WHERE _utc = _first_6) AS first_7
FROM part_events JOIN (SELECT customer_id, COLUMNS('^_') FROM rollup_edges) USING (customer_id)
WHERE _utc = _first_6
GROUP BY ALL;

-- metric_6, the rows of all parts kept
SELECT customer_id, NULL::BIGINT AS number, picked.label AS text,
  to_json({'time': picked.ts, 'label': picked.label}) AS detail, 1::BIGINT AS rows,
  false AS alone
FROM (SELECT customer_id, n_1 AS n, n_1 AS value, first_7 AS picked FROM rollup_edges JOIN rollup_moments USING (customer_id) WHERE first_7 IS NOT NULL);
-- drop rollup_edges, rollup_moments

-- rollup_field_item
SELECT
  customer_id,
  "item"::VARCHAR AS key,
  count("amount") AS n_4,
  sum("amount") AS sum_5,
  count(*) AS n_1
FROM part_events
WHERE "item"::VARCHAR IS NOT NULL
GROUP BY ALL;

-- metric_2, the rows of all parts kept
WITH entries AS (SELECT * FROM (SELECT customer_id, key, n_4 AS n, sum_5 AS value FROM rollup_field_item WHERE n_4 > 0) WHERE value IS NOT NULL),
totals AS (
  SELECT customer_id, max(value) AS most, sum(value) AS total, sum(n)::BIGINT AS rows, count(*) AS groups,
    min({'minus': -value, 'key': key, 'n': n}, 5) AS leaders
  FROM entries GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_count, min(key, 20) AS tied
  FROM entries JOIN totals USING (customer_id) WHERE value = most GROUP BY customer_id
)
SELECT customer_id, most AS number, tied[1]::VARCHAR AS text, to_json({
  'items': list_transform(leaders, lambda e: {'label': e.key, 'value': -e.minus, 'rows': e.n}),
  'tied': tied, 'tied_count': tied_count, 'groups': groups, 'total': total
}) AS detail, rows, false AS alone, CASE WHEN most > 0 AND total > 0 THEN least(1, most / total)::DOUBLE END AS share
FROM totals JOIN ties USING (customer_id);

-- rollup_field_item_before
SELECT
  customer_id,
  "item"::VARCHAR AS key,
  count(*) AS n_1
FROM part_history
WHERE "item"::VARCHAR IS NOT NULL
GROUP BY ALL;

-- metric_7, the rows of all parts kept
WITH met AS (
  SELECT now.customer_id, now.key, now.n, now.value, earlier.key IS NOT NULL AS known
  FROM (SELECT customer_id, key, n_1 AS n, n_1 AS value FROM rollup_field_item WHERE n_1 > 0) now LEFT JOIN (SELECT customer_id, key, n_1 AS n, n_1 AS value FROM rollup_field_item_before WHERE n_1 > 0) earlier USING (customer_id, key)
),
again AS (SELECT customer_id, count(*) AS known FROM met WHERE known GROUP BY customer_id),
fresh AS (WITH entries AS (SELECT * FROM (SELECT customer_id, key, n, value FROM met WHERE NOT known) WHERE value IS NOT NULL),
totals AS (
  SELECT customer_id, max(value) AS most, sum(value) AS total, sum(n)::BIGINT AS rows, count(*) AS groups,
    min({'minus': -value, 'key': key, 'n': n}, 5) AS leaders
  FROM entries GROUP BY customer_id
),
ties AS (
  SELECT customer_id, count(*) AS tied_count, min(key, 20) AS tied
  FROM entries JOIN totals USING (customer_id) WHERE value = most GROUP BY customer_id
)
SELECT customer_id, groups AS number, tied[1]::VARCHAR AS text, to_json({
  'items': list_transform(leaders, lambda e: {'label': e.key, 'value': -e.minus, 'rows': e.n}),
  'tied': tied, 'tied_count': tied_count, 'groups': groups, 'total': total
}) AS detail, rows, false AS alone, CASE WHEN most > 0 AND total > 0 THEN least(1, most / total)::DOUBLE END AS share
FROM totals JOIN ties USING (customer_id))
SELECT customer_id, number, text, '{"exact":' || number || ',"known":' || coalesce(known, 0)
  || ',"newcomer":' || (ever.n IS NULL) || ',' || substr(detail::VARCHAR, 2) AS detail, rows,
  ever.n IS NULL AS alone
FROM fresh LEFT JOIN again USING (customer_id) LEFT JOIN (SELECT customer_id, n_1 AS n, n_1 AS value FROM rollup_by_customer_before WHERE n_1 > 0) ever USING (customer_id);
-- drop rollup_by_customer_before, rollup_field_item, rollup_field_item_before

-- rollup_session_45_1
SELECT
  customer_id,
  _session AS _session,
  arg_min(ts, _utc) AS key,
  (epoch_us(max(_utc)) - epoch_us(min(_utc))) // 1000000 AS seconds,
  count(*) AS n_1
FROM (
  SELECT *, count(*) FILTER (WHERE _begins) OVER (PARTITION BY customer_id ORDER BY _utc
    RANGE UNBOUNDED PRECEDING) AS _session
  FROM (
    SELECT *, coalesce(_utc - lag(_utc) OVER (PARTITION BY customer_id ORDER BY _utc)
      > INTERVAL 45 MINUTE, false) AS _begins
    FROM part_events
  )
)
GROUP BY ALL;

-- metric_8, the rows of all parts kept
SELECT customer_id, count(*) AS number, NULL AS text,
  to_json({'exact': count(*), 'gap': 45}) AS detail, sum(n)::BIGINT AS rows, false AS alone
FROM (SELECT customer_id, key, n_1 AS n, n_1 AS value, seconds FROM rollup_session_45_1 WHERE n_1 > 0) GROUP BY customer_id;
-- drop rollup_session_45_1

---- over all customers

-- metric_9
WITH together AS (
  SELECT sum(value) AS total, count(*) AS customers, sum(n)::BIGINT AS events FROM gathered_metric_9
)
SELECT customer_id, total AS number, NULL::VARCHAR AS text, to_json({
  'exact': total, 'customers': customers, 'own': value
}) AS detail, events AS "rows", false AS alone
FROM gathered_metric_9, together;
-- drop gathered_metric_9

-- metric_10
SELECT customer_id, v.number, v.text,
  substr(v.detail::VARCHAR, 1, length(v.detail::VARCHAR) - 1) || ',"of":"spent","group":' || to_json(g.text)::VARCHAR
    || '}' AS detail,
  v.rows, v.alone, g.text AS cohort_of
FROM metric_1 v JOIN metric_2 g USING (customer_id)
WHERE v.number IS NOT NULL AND g.text IS NOT NULL;

---- ranks

-- ranks_metric_0
WITH counted AS (
  SELECT number, count(*) AS holders FROM metric_0 WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number, holders,
  (1 + sum(holders) OVER (ORDER BY number DESC) - holders)::BIGINT AS "rank",
  (sum(holders) OVER ())::BIGINT AS cohort
FROM counted;

-- ranks_metric_1
WITH counted AS (
  SELECT number, count(*) AS holders FROM metric_1 WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number, holders,
  (1 + sum(holders) OVER (ORDER BY number DESC) - holders)::BIGINT AS "rank",
  (sum(holders) OVER ())::BIGINT AS cohort
FROM counted;

-- ranks_metric_2
WITH counted AS (
  SELECT number, count(*) AS holders FROM metric_2 WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number, holders,
  (1 + sum(holders) OVER (ORDER BY number DESC) - holders)::BIGINT AS "rank",
  (sum(holders) OVER ())::BIGINT AS cohort
FROM counted;

-- ranks_metric_3
WITH counted AS (
  SELECT number, count(*) AS holders FROM metric_3 WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number, holders,
  (1 + sum(holders) OVER (ORDER BY number DESC) - holders)::BIGINT AS "rank",
  (sum(holders) OVER ())::BIGINT AS cohort
FROM counted;

-- ranks_metric_4
WITH counted AS (
  SELECT number, count(*) AS holders FROM metric_4 WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number, holders,
  (1 + sum(holders) OVER (ORDER BY number DESC) - holders)::BIGINT AS "rank",
  (sum(holders) OVER ())::BIGINT AS cohort
FROM counted;

-- ranks_metric_5
WITH counted AS (
  SELECT number, count(*) AS holders FROM metric_5 WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number, holders,
  (1 + sum(holders) OVER (ORDER BY number DESC) - holders)::BIGINT AS "rank",
  (sum(holders) OVER ())::BIGINT AS cohort
FROM counted;

-- ranks_metric_7
WITH counted AS (
  SELECT number, count(*) AS holders FROM metric_7 WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number, holders,
  (1 + sum(holders) OVER (ORDER BY number DESC) - holders)::BIGINT AS "rank",
  (sum(holders) OVER ())::BIGINT AS cohort
FROM counted;

-- ranks_metric_8
WITH counted AS (
  SELECT number, count(*) AS holders FROM metric_8 WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number, holders,
  (1 + sum(holders) OVER (ORDER BY number DESC) - holders)::BIGINT AS "rank",
  (sum(holders) OVER ())::BIGINT AS cohort
FROM counted;

-- ranks_metric_10
WITH counted AS (
  SELECT number, cohort_of, count(*) AS holders FROM metric_10 WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number, cohort_of, holders,
  (1 + sum(holders) OVER (PARTITION BY cohort_of ORDER BY number DESC) - holders)::BIGINT AS "rank",
  (sum(holders) OVER (PARTITION BY cohort_of ))::BIGINT AS cohort
FROM counted;

---- values

SELECT customer_id::VARCHAR AS customer_id, 'events' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, NULL::DOUBLE AS share
FROM metric_0 LEFT JOIN ranks_metric_0 USING (number)
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'spent' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, NULL::DOUBLE AS share
FROM metric_1 LEFT JOIN ranks_metric_1 USING (number)
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'favourite' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, share
FROM metric_2 LEFT JOIN ranks_metric_2 USING (number)
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'days' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, NULL::DOUBLE AS share
FROM metric_3 LEFT JOIN ranks_metric_3 USING (number)
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'streak' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, NULL::DOUBLE AS share
FROM metric_4 LEFT JOIN ranks_metric_4 USING (number)
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'month' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, share
FROM metric_5 LEFT JOIN ranks_metric_5 USING (number)
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'first' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", NULL::BIGINT AS "rank", (SELECT count(number) FROM metric_6) AS cohort,
  NULL::INTEGER AS top_percent, NULL::BIGINT AS holders, alone, NULL::DOUBLE AS share FROM metric_6
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'new' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, NULL::DOUBLE AS share
FROM metric_7 LEFT JOIN ranks_metric_7 USING (number)
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'visits' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, NULL::DOUBLE AS share
FROM metric_8 LEFT JOIN ranks_metric_8 USING (number)
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'together' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", NULL::BIGINT AS "rank", (SELECT count(number) FROM metric_9) AS cohort,
  NULL::INTEGER AS top_percent, NULL::BIGINT AS holders, alone, NULL::DOUBLE AS share FROM metric_9
UNION ALL
SELECT customer_id::VARCHAR AS customer_id, 'ahead' AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows", "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, NULL::DOUBLE AS share
FROM metric_10 LEFT JOIN ranks_metric_10 USING (number, cohort_of);
