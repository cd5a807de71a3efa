/**
 * The rate limit of an endpoint, over all replicas. Permits gather at the rate, those of one second at most. So a window of 5 s
 * begins with those of a second at most and brings those of 5 s more; what is left to 7 times the rate is for attempts that begin a
 * little later than their claims. Of low rates a window of 5 s must not hold more than the whole number below 7 times the rate, but for one.
 */
export const TAKE_DELIVERY_PERMITS = `
    -- Seconds between two permits. 5.5: attempts begin up to half a second after their claims.
    CREATE FUNCTION delivery_permit_gap(rate double precision) RETURNS interval LANGUAGE sql IMMUTABLE AS $$
      SELECT greatest(1 / rate, 5.5 / greatest(1, floor(7 * rate))) * interval '1 s' $$;

    -- Takes up to so many permits, leaves so many to others, and gives how many it has taken. It waits for nobody: where another
    -- replica is at it, there are none.
    CREATE FUNCTION take_delivery_permits(endpoint text, rate double precision, wanted bigint, reserve bigint) RETURNS bigint
    LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
      gap interval := delivery_permit_gap(rate);
      most bigint := greatest(1, floor(rate));
      began timestamptz;
      granted bigint;
    BEGIN
      IF wanted <= 0 THEN RETURN 0; END IF;
      SELECT free_from INTO began FROM endpoint_permits WHERE endpoint_id = endpoint FOR UPDATE SKIP LOCKED;
      IF NOT FOUND THEN
        -- The check of the foreign key would wait for whoever holds the endpoint, and everybody's claims with it.
        PERFORM FROM endpoints WHERE id = endpoint FOR KEY SHARE SKIP LOCKED;
        IF NOT FOUND THEN RETURN 0; END IF;
        INSERT INTO endpoint_permits VALUES (endpoint, '-infinity') ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN RETURN 0; END IF;
        began := '-infinity';
      END IF;
      -- A clock that was put back does not stop the deliveries.
      began := least(greatest(began, clock_timestamp() - most * gap), clock_timestamp());
      granted := greatest(0, least(wanted, floor(extract(epoch FROM clock_timestamp() - began) / extract(epoch FROM gap)) - reserve));
      IF granted > 0 THEN
        UPDATE endpoint_permits SET free_from = began + granted * gap WHERE endpoint_id = endpoint;
      END IF;
      RETURN granted;
    END $$;

    -- Gives a permit back that no attempt was made with.
    CREATE FUNCTION return_delivery_permit(endpoint text) RETURNS void LANGUAGE sql VOLATILE AS $$
      UPDATE endpoint_permits SET free_from = free_from - delivery_permit_gap(rate_limit)
      FROM endpoints WHERE endpoints.id = endpoint AND endpoint_id = endpoint AND rate_limit IS NOT NULL $$;
`;
