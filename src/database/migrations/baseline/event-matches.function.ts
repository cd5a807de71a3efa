/**
 * The filter of an endpoint, as `src/delivery/filter/compile-filter.ts` has it, for lists, counts and batches. Filters are checked
 * when they are registered; `value` is null where the event has no such field.
 */
export const EVENT_MATCHES = `
    CREATE FUNCTION event_value_compares(value jsonb, operator text, wanted jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE
      text_value text COLLATE "C" := value #>> '{}';
      text_wanted text COLLATE "C" := wanted #>> '{}';
    BEGIN
      IF value IS NULL THEN RETURN false; END IF;
      IF operator = '$eq' THEN RETURN value = wanted; END IF;
      IF operator = '$in' THEN RETURN EXISTS (SELECT FROM jsonb_array_elements(wanted) AS list (one) WHERE one = value); END IF;
      IF jsonb_typeof(value) <> jsonb_typeof(wanted) THEN RETURN false; END IF;
      IF operator = '$startsWith' THEN RETURN starts_with(text_value, text_wanted); END IF;
      IF operator = '$endsWith' THEN RETURN right(text_value, length(text_wanted)) = text_wanted; END IF;
      IF jsonb_typeof(value) = 'number' THEN
        RETURN CASE operator WHEN '$gt' THEN value > wanted WHEN '$gte' THEN value >= wanted
          WHEN '$lt' THEN value < wanted ELSE value <= wanted END;
      END IF;
      RETURN CASE operator WHEN '$gt' THEN text_value > text_wanted WHEN '$gte' THEN text_value >= text_wanted
        WHEN '$lt' THEN text_value < text_wanted ELSE text_value <= text_wanted END;
    END $$;

    CREATE FUNCTION event_matches(value jsonb, wanted jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE
      key text;
      inner_wanted jsonb;
      of_item jsonb := '{}';
    BEGIN
      IF jsonb_typeof(wanted) <> 'object' THEN
        IF jsonb_typeof(value) = 'array' THEN
          RETURN EXISTS (SELECT FROM jsonb_array_elements(value) AS items (item) WHERE event_matches(item, wanted));
        END IF;
        RETURN coalesce(value = wanted, false);
      END IF;
      FOR key, inner_wanted IN SELECT * FROM jsonb_each(wanted) LOOP
        IF key = '$neq' THEN
          IF event_matches(value, jsonb_build_object('$eq', inner_wanted)) THEN RETURN false; END IF;
        ELSIF key = '$nin' THEN
          IF event_matches(value, jsonb_build_object('$in', inner_wanted)) THEN RETURN false; END IF;
        ELSIF key = '$exist' THEN
          IF (value IS NOT NULL) <> inner_wanted::boolean THEN RETURN false; END IF;
        ELSIF key = '$and' THEN
          IF EXISTS (SELECT FROM jsonb_array_elements(inner_wanted) AS list (one) WHERE NOT event_matches(value, one)) THEN RETURN false; END IF;
        ELSIF key = '$or' THEN
          IF NOT EXISTS (SELECT FROM jsonb_array_elements(inner_wanted) AS list (one) WHERE event_matches(value, one)) THEN RETURN false; END IF;
        ELSIF key = '$not' THEN
          IF event_matches(value, inner_wanted) THEN RETURN false; END IF;
        ELSE
          of_item := of_item || jsonb_build_object(key, inner_wanted);
        END IF;
      END LOOP;
      IF of_item = '{}' THEN RETURN true; END IF;
      IF jsonb_typeof(value) = 'array' THEN
        RETURN EXISTS (SELECT FROM jsonb_array_elements(value) AS items (item) WHERE event_matches(item, of_item));
      END IF;
      FOR key, inner_wanted IN SELECT * FROM jsonb_each(of_item) LOOP
        IF key LIKE '$%' THEN
          IF NOT event_value_compares(value, key, inner_wanted) THEN RETURN false; END IF;
        ELSIF NOT event_matches(CASE WHEN jsonb_typeof(value) = 'object' THEN value -> key END, inner_wanted) THEN
          RETURN false;
        END IF;
      END LOOP;
      RETURN true;
    END $$;

    -- Whether an event of the log passes a filter. Asked only where there is one: see passesFilter().
    CREATE FUNCTION event_passes(event events, filter json) RETURNS boolean LANGUAGE sql STABLE AS $$
      SELECT event_matches(jsonb_build_object(
        'id', event.id, 'type', event.type, 'sequence', event.sequence, 'origin', event.origin,
        'occurredAt', to_char(event.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'mailbox', CASE WHEN event.mailbox_id IS NOT NULL THEN jsonb_build_object('id', event.mailbox_id,
          'emailAddress', event.email_address, 'externalId', event.external_id) END,
        'data', event.data::jsonb), filter::jsonb) $$;

    -- The same of an event of which the id is known: found by its index, whatever the planner thinks of it. What is in no log passes.
    CREATE FUNCTION event_id_passes(event_id text, filter json) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
    DECLARE
      passes boolean;
    BEGIN
      SELECT event_passes(events, filter) INTO passes FROM events WHERE id = event_id;
      RETURN coalesce(passes, true);
    END $$;
`;
