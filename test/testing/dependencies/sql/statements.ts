/** A text, and its parameters. */
export type Sql = string | readonly [text: string, ...values: unknown[]]

/** A story of one session, in which each statement may build on those before it. */
export interface SqlStory {
  readonly name: string
  readonly statements: readonly Sql[]
}

const orders = `create table orders (id bigserial primary key, customer text not null, total numeric(10,2) not null default 0,
  paid boolean not null default false, note varchar(10), placed timestamptz, day date, data jsonb, raw json, tags text[],
  score double precision, small smallint, big bigint, token uuid, bytes bytea, unique (customer, note))`

const fill = `insert into orders (customer, total, paid, note, placed, day, data, tags, score, small, big) values
  ('ann', 10, true, 'a', '2026-01-31 12:00:00+00', '2026-01-31', '{"b": 1, "a": {"c": [1, 2, "x"]}}', '{x,y}', 1.5, 1, 9007199254740993),
  ('bob', 20.5, false, 'b', '2026-02-01 00:00:00.25+02', null, '[1, null, true]', '{}', -0.25, 2, -1),
  ('ann', 0.005, false, null, null, '2024-02-29', null, null, null, null, null),
  ('Cy%', 99999999.99, true, 'd', '2026-03-01', '2026-03-01', '"text"', '{NULL,"a b"}', 1e20, 3, 0)`

export const stories: readonly SqlStory[] = [
  {
    name: 'expressions',
    statements: [
      'select 1 as one, 2::bigint as two, 1.50 as num, 1e3 as e, \'x\' as x, null as n, true as t, false as f',
      "select 7 / 2, -7 / 2, 7 % 3, -7 % 3, 7.0 / 2, 1 / 3.0, 2 * 3.50, 10 - 12.25, 1.0 / 7, 1000000.0 / 3, 0.001 / 7",
      "select 5::numeric / 3, 123456789.123 / 0.0007, round(2.5), round(-2.5), round(1.255, 2), trunc(1.99), ceil(1.1), floor(-1.1)",
      'select 2147483647 + 1', 'select 9223372036854775807 + 1', 'select 1 / 0', 'select 1.0 / 0', "select 'a' || 'b' || 1",
      "select 'abc' like 'a%', 'abc' like '_b_', 'ABC' ilike 'a%', 'a%c' like 'a\\%c', 'abc' not like 'b%'",
      "select lower('ABC'), upper('abc'), length('häß'), substring('hello' from 2 for 3), trim('  x '), replace('aaa', 'a', 'b')",
      "select concat('a', null, 1, true), concat_ws('-', 'a', null, 'b'), coalesce(null, 2), nullif(1, 1), greatest(1, 3, null), least(2, 1)",
      "select split_part('a,b,c', ',', 2), left('abc', 2), right('abc', 2), lpad('7', 3, '0'), position('c' in 'abc'), reverse('abc')",
      "select case when 1 > 2 then 'a' when 2 > 1 then 'b' else 'c' end, case 1 when 1 then 'one' end, case when false then 1 end",
      'select 1 in (1, 2), 3 in (1, 2), null in (1), 1 in (1, null), 3 in (1, null), 1 not in (2, null)',
      'select null = null, null is null, 1 is distinct from null, null is not distinct from null, true and null, false and null, true or null, not null',
      'select 1 between 0 and 2, 3 between 0 and 2, 1 not between 0 and 2, (1, 2) = (1, 2), (1, 2) < (1, 3), (2, 1) < (1, 3)',
      "select '5'::int, '12.345'::numeric(5,2), '1'::boolean, 'abc'::varchar(2), 1::text, true::text, '2026-01-31'::date::text, 12.5::int, 13.5::int",
      "select 'x'::int", "select '99999999999'::int", "select 'maybe'::boolean", "select '2026-13-01'::date", "select '2026-02-30'::date", "select 'abc'::uuid",
      "select '2026-01-31 10:00:00+02'::timestamptz, '2026-01-31'::date, '2026-01-31 10:00:00.123456'::timestamptz",
      "select '2026-01-31'::timestamptz + interval '1 month', '2026-01-31'::timestamptz - interval '1 day 02:00', '2026-01-02'::date - '2026-01-01'::date, '2026-01-01'::date + 3",
      "select extract(epoch from '2026-01-31 10:00:00+00'::timestamptz), extract(year from '2026-01-31'::date::timestamptz), date_trunc('month', '2026-01-31 10:00:00+00'::timestamptz)",
      "select '2026-01-31'::timestamptz < '2026-02-01'::timestamptz, interval '30 days' = interval '1 month', interval '90 minutes' > interval '1 hour'",
      "select '{\"b\": 1, \"a\": [1, {\"x\": null}]}'::jsonb, '{\"b\":1,   \"a\":2}'::json, '{\"a\": {\"b\": 2}}'::jsonb -> 'a' ->> 'b', '[1,2]'::jsonb -> 1, '{\"a\":\"t\"}'::jsonb ->> 'a'",
      "select '{\"a\": {\"b\": [1, 2]}}'::jsonb #>> '{a,b,1}', '{\"a\": 1}'::jsonb || '{\"b\": 2}'::jsonb, '{\"a\": 1, \"b\": 2}'::jsonb - 'a', '{\"a\": 1, \"b\": 2}'::jsonb @> '{\"a\": 1}', '{\"a\": 1}'::jsonb ? 'a'",
      "select jsonb_build_object('a', 1, 'b', null, 'c', array[1, 2]), jsonb_set('{\"a\": 1}', '{b}', '2'), jsonb_typeof('[]'), jsonb_array_length('[1, 2]'), to_jsonb('x'::text)",
      "select '{bad'::jsonb", 'select array[1, 2, 3], array[\'a\', null], (array[1, 2])[2], cardinality(array[1, 2]), array[1] || array[2], array_length(array[1, 2], 1)',
      "select '{1,2}'::int[], 2 = any('{1,2}'::int[]), 3 <> all(array[1, 2]), array[1, 2] @> array[2], array[1, 2] && array[3]",
      "select '\\x0aff'::bytea, 'abc'::bytea, md5('x') is not null", "select 'a'::bytea = '\\x61'::bytea",
      "select 1 = '1', '2' > 1, 1.0 = 1, 1 = 1.5", "select 1 = 'x'", "select 'a' < 'b', 'B' < 'a', 'a' = 'a '", "select 1::int4 = 1::int8, 1::int2 + 1::int4, 1::int8 + 1::int4, 1::int2 + 1::int2",
      "select 1.5::float8 + 1, 1e20::float8, 0.1::float8 + 0.2::float8, 2.5::float8::int, 3.5::float8::int, 1.5::float4",
      ['select $1::int + $2::int as s, $3 as t, $4::text[] as l', 1, '2', 'x', ['a', 'b "c"', null]],
      ['select $1::jsonb as j, $2::timestamptz as at, $3::bytea as b, $4::boolean as t', { a: [1, 'x'] }, new Date(1_700_000_000_123), Buffer.from('hi'), true],
      ['select $1::int', 'x'], ['select $1'], ['select 1', 2], ['select $1 is null', null], ['select coalesce($1, 5)', null], ['select $1 + 1', 2], ['select 1.5 * $1', 2],
      'select 1 where false', 'select 1 limit 0', 'select count(*) from (values (1), (2), (null)) v(x)', 'values (1, \'a\'), (2, \'b\')', 'select * from (values (1, 2)) as v(a, b)',
      'select generate_series from generate_series(1, 3)', 'select g, g * 2 as d from generate_series(1, 3) as g', ['select * from unnest($1::int[], $2::text[]) as u(a, b)', [1, 2], ['x', 'y']],
    ],
  },
  {
    name: 'errors in texts',
    statements: [
      'selec 1', 'select 1 +', 'select', 'select nope', 'select * from nope', 'select nope(1)', "select 'a", 'select 1 from', 'insert into nope values (1)', 'select a.b', 'select $0',
      'create table e (a int, a int)', 'create table e (a int primary key, b text not null, c int check (c > 0))', 'create table e (x int)', 'create table if not exists e (x int)',
      'insert into e values (1)', 'insert into e (a, b) values (1, null)', 'insert into e (a, nope) values (1, 2)', 'insert into e (a, b) values (1)', 'insert into e (a) values (1, 2)',
      "insert into e values (1, 'x', -1)", "insert into e values (1, 'x', 1)", "insert into e values (1, 'y', 1)", "insert into e values ('z', 'y', 1)", 'update e set nope = 1', "update e set a = 'x'",
      'update e set b = null', 'update e set c = 0', "insert into e values (2, 'x', 1) on conflict (b) do nothing", "insert into e values (2, 'x', 1) on conflict on constraint nope do nothing",
      'select a, count(*) from e', 'select sum(a) from e where count(*) > 1', 'select * from e, e', 'select x.a from e', 'select e.a from e x', 'select a from e x join e y on true', 'select * from e order by 9',
      'select (select a, b from e)', "select * from e where a = 'x'", 'select * from e where b = 1', 'select a || 1 from e', 'select * from e limit -1', 'select * from e where a', 'select a + b from e',
      'select sum(b) from e where false', 'delete from e where nope = 1', 'begin; select 1 / 0', 'select 1', 'rollback', 'savepoint x', 'release savepoint x', 'begin', 'rollback to savepoint nope', 'rollback', 'commit',
    ],
  },
  {
    name: 'rows',
    statements: [
      orders, fill, 'select * from orders order by id', 'select id, total, note from orders where paid order by id desc', 'select * from orders where customer = \'nobody\'',
      ['select id from orders where customer = $1 and total > $2 order by id', 'ann', 5], ['select id from orders where id = any($1) order by id', [1, 3]], ['select id from orders where note = any($1)', ['a', 'd']],
      "select data->>'b' as b, data->'a' as a, data#>'{a,c}' as c, tags[1] as t from orders order by id", "select id from orders where data @> '{\"b\": 1}'", "select id from orders where customer like 'C_\\%'",
      'select customer, count(*), sum(total), min(total), max(total), avg(total), count(note), count(distinct note) from orders group by customer order by customer',
      'select count(*), sum(id), avg(id), min(customer), max(placed), sum(score), avg(score), avg(small), sum(big), bool_and(paid), bool_or(paid) from orders', 'select count(*), sum(total), max(id) from orders where false',
      'select customer from orders group by customer having count(*) > 1', 'select distinct customer from orders order by 1', 'select distinct on (customer) customer, id from orders order by customer, id desc',
      "select string_agg(note, ',' order by note), array_agg(id order by id desc), json_agg(small order by id), jsonb_agg(note order by id) from orders", 'select count(*) filter (where paid) as p, count(*) as n from orders',
      'select paid, customer, sum(total) from orders group by 1, 2 order by 1, 2', 'select id from orders order by note nulls first, id', 'select id from orders order by note desc nulls last, id', 'select id from orders order by score desc, id', 'select id from orders order by total limit 2 offset 1',
      ["insert into orders (customer, note) values ($1, $2) returning id, customer, total, paid, placed", 'dan', 'n'], ["insert into orders (customer, note) values ($1, $2) on conflict (customer, note) do nothing returning id", 'dan', 'n'],
      ["insert into orders (customer, note, total) values ($1, $2, $3) on conflict (customer, note) do update set total = orders.total + excluded.total, paid = true returning id, total, paid", 'dan', 'n', '1.25'],
      ["insert into orders (customer, note, total) values ($1, $2, $3) on conflict (customer, note) do update set total = excluded.total where orders.total < excluded.total returning id", 'dan', 'n', 1],
      ["insert into orders (customer, note) values ('dan', 'n')"], ['insert into orders (customer, note) values ($1, $2)', 'x', 'too long for it'], ['insert into orders (customer, total) values ($1, $2)', 'x', '123456789.01'],
      "insert into orders (customer, note, tags, data, bytes, token) values ('eve', 'q', array['a', 'b'], '{\"k\": \"v\"}', '\\xdead', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11') returning *",
      "insert into orders (customer) select customer || '2' from orders where customer = 'eve' returning customer, id", 'insert into orders default values', "insert into orders (id, customer) values (default, 'fay') returning id, total",
      "update orders set total = total * 2, note = upper(note) where customer = 'ann' returning id, total, note", 'update orders set paid = not paid, small = small + 1 where id = 1 returning paid, small', "update orders set (total, note) = (1, 'z') where id = 2 returning total, note",
      "update orders set total = default, data = data || '{\"z\": 1}' where id = 1 returning total, data", 'update orders set total = s.t from (select customer, max(id) as t from orders group by customer) s where s.customer = orders.customer and orders.id < 3 returning orders.id, orders.total, s.t',
      "update orders o set note = 'self' from orders p where o.id = p.id + 1 and p.id = 1 returning o.id, p.id as pid", 'delete from orders where id = 4 returning id, customer', 'delete from orders using (select 2 as id) d where orders.id = d.id returning orders.customer',
      'with gone as (delete from orders where id = 3 returning *) select customer, total from gone', "with new as (insert into orders (customer) values ('gil') returning id) update orders set note = 'w' where id = 1 returning id, note",
      "with a as (select id from orders where customer = 'dan'), b as (select count(*) as n from a) select a.id, b.n from a, b", 'with m as (delete from orders where customer = \'eve\' returning customer, note) insert into orders (customer, note) select customer, note || \'!\' from m returning customer, note',
      'select count(*) from orders', 'select id from orders where id in (select max(id) from orders)', 'select id, (select count(*) from orders p where p.customer = o.customer) as n from orders o order by id', 'select id from orders o where exists (select 1 from orders p where p.id < o.id) order by id',
      'select id from orders where id not in (select id from orders where id > 2) order by id', 'select id from orders where (customer, note) in (select customer, note from orders where id = 1)', 'select 1 union select 2 union select 1 order by 1', 'select 1 as a union all select 1', 'select id from orders order by id for update', 'select o.id from orders o order by id limit 1 for update of o skip locked', 'select count(*) from orders for update', 'truncate_nothing',
    ],
  },
  {
    name: 'joins and keys',
    statements: [
      'create table customers (id int generated always as identity primary key, name text unique not null)', 'create table bills (id serial primary key, customer_id int not null references customers (id), amount int not null default 5 check (amount >= 0))',
      'create table lines (bill_id int references bills on delete cascade, n int, what text, primary key (bill_id, n))', "insert into customers (name) values ('ann'), ('bob'), ('cy') returning *", "insert into customers (id, name) values (9, 'x')", "insert into customers (id, name) overriding system value values (9, 'x') returning id",
      'insert into bills (customer_id, amount) values (1, 10), (1, 20), (2, default) returning *', 'insert into bills (customer_id) values (77)', "insert into lines values (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c')", 'insert into lines values (99, 1, null)',
      'select c.name, b.amount from customers c join bills b on b.customer_id = c.id order by 1, 2', 'select c.name, b.amount from customers c left join bills b on b.customer_id = c.id order by 1, 2', 'select c.name, count(b.id), coalesce(sum(b.amount), 0) as total from customers c left join bills b on b.customer_id = c.id group by c.id order by c.id',
      'select b.id, l.what from bills b left join lines l on l.bill_id = b.id and l.n = 1 order by b.id', 'select * from bills join lines on bills.id = lines.bill_id where lines.n > 1', 'select c.id, x.m from customers c cross join lateral (select max(amount) as m from bills b where b.customer_id = c.id) x order by c.id',
      'select l.* from lines l inner join bills b on b.id = l.bill_id inner join customers c on c.id = b.customer_id where c.name = \'ann\' order by l.bill_id, l.n', 'select b.id from bills b right join customers c on c.id = b.customer_id order by b.id nulls last, c.id', 'select a.id, b.id from bills a, bills b where a.id < b.id order by 1, 2', 'select id from bills join (select bill_id as id from lines group by 1) l using (id) order by id',
      'delete from customers where id = 1', 'delete from bills where id = 1 returning id', 'select * from lines order by 1, 2', 'update customers set id = 50 where id = 2', "update customers set name = 'bea' where id = 2 returning *", 'delete from customers where id = 3 returning name', 'update bills set customer_id = 88 where id = 2', 'update bills set amount = -1', 'delete from lines', 'delete from bills', 'delete from customers returning id',
      'create unique index one_open on bills (customer_id) where amount > 100', "insert into customers (name) values ('dee') returning name", 'insert into bills (customer_id, amount) select id, 200 from customers', 'insert into bills (customer_id, amount) select id, 300 from customers', 'insert into bills (customer_id, amount) select id, 3 from customers', 'insert into bills (customer_id, amount) select id, 400 from customers on conflict (customer_id) where amount > 100 do update set amount = excluded.amount returning amount',
      'create unique index bills_amount on bills (amount)', 'insert into bills (customer_id, amount) select id, 3 from customers', 'insert into bills (customer_id, amount) select id, 3 from customers on conflict (amount) do nothing', 'create index on bills (customer_id)',
    ],
  },
  {
    name: 'transactions',
    statements: [
      'create table t (id int primary key, n int)', 'begin', 'insert into t values (1, 1)', 'savepoint a', 'insert into t values (1, 2)', 'select 1', 'rollback to savepoint a', 'insert into t values (2, 2)', 'release savepoint a', 'commit', 'select * from t order by id',
      'start transaction isolation level serializable', 'select count(*) from t', 'commit', 'begin read only', 'insert into t values (3, 3)', 'commit', 'select * from t order by id', 'begin isolation level repeatable read', 'update t set n = n + 1 returning n', 'rollback', 'set lock_timeout = \'1s\'', 'set local statement_timeout = 100', 'begin', 'set local lock_timeout = 50', 'set transaction isolation level repeatable read', 'select 1', 'set transaction isolation level serializable', 'rollback', "select pg_try_advisory_xact_lock(1) as got", "set nothing_known = 1",
      'insert into t values (5, 5); insert into t values (6, 6)', 'insert into t values (7, 7); insert into t values (6, 6)', 'select * from t order by id', 'begin; insert into t values (8, 8)', 'commit', 'select count(*)::int as n from t', 'update t set n = 0; select count(*)::int as zero from t where n = 0', '', ';', 'delete from t; delete from t', 'end', 'abort',
    ],
  },
]
