-- bench.sql -- 10,000 rows are inserted, some hundred looked for
CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, word TEXT);
BEGIN;
WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 10000)
INSERT INTO t SELECT i, i * 7919 % 10007, 'word ' || (i * 31 % 997) FROM c;
COMMIT;
CREATE INDEX by_n ON t(n);
.output /dev/null
WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 500)
SELECT count(*), sum(t.id) FROM c JOIN t ON t.n = c.i * 17 % 10007;
SELECT word, count(*) FROM t GROUP BY word ORDER BY 2, 1;
SELECT count(*) FROM t WHERE word LIKE '%99%';
UPDATE t SET n = n + 1 WHERE id % 10 = 0;
DELETE FROM t WHERE id % 100 = 0;
PRAGMA integrity_check;
