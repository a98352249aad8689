INSERT INTO turn (owner) VALUES ('irscribe 0123456789abcdef0123456789abcdef');
SELECT setval('person_id_seq', (SELECT max(id) FROM person));
SELECT setval('line_id_seq', (SELECT max(id) FROM line));
SELECT setval('word_id_seq', (SELECT max(id) FROM word));
SELECT setval('change_id_seq', (SELECT max(id) FROM change));
SELECT setval('gap_id_seq', (SELECT max(id) FROM gap));
SELECT setval('outbox_id_seq', (SELECT max(id) FROM outbox));
