-- Which launches a person may see, once for every list and search: `domain::launch::access::may_see` in SQL, against
-- which it is tested. `reads_all` is for admins and auditors. A single query, so that the planner takes it apart and
-- puts it where it is asked from.
CREATE FUNCTION visible_launches(person uuid, reads_all boolean) RETURNS SETOF launches
    LANGUAGE sql STABLE AS $$
    SELECT l.* FROM launches l
    WHERE reads_all OR NOT l.restricted OR l.owner_id = person
       OR EXISTS (SELECT FROM launch_holders h WHERE h.launch_id = l.id AND h.user_id = person)
       OR EXISTS (SELECT FROM launch_participants p WHERE p.launch_id = l.id AND p.user_id = person)
    $$;
