DROP FUNCTION visible_launches(uuid, boolean);
