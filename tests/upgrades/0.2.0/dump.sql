--
-- PostgreSQL database dump
--


-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = on;

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: -
--



--
-- Name: SCHEMA public; Type: COMMENT; Schema: -; Owner: -
--



--
-- Name: admit(uuid[], text[], uuid[], text[], text[], boolean[], integer, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.admit(tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean) RETURNS TABLE(key_id uuid, label text, role text, expires_at timestamp with time zone, key_state text, paid boolean, earlier_calls integer)
    LANGUAGE plpgsql
    AS $$
        DECLARE
            tenant uuid;
        BEGIN
            FOR i IN 1 .. cardinality(tenant_ids) LOOP
                IF tenant IS DISTINCT FROM tenant_ids[i] THEN
                    tenant := tenant_ids[i];
                    EXECUTE format('SET LOCAL app.tenant_id = %L', tenant);
                END IF;
                paid := false;
                earlier_calls := 0;
                SELECT k.id, k.label, k.role, k.expires_at,
                       CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
                            WHEN k.expires_at <= now() THEN 'expired'
                            ELSE 'live' END
                  INTO key_id, label, role, expires_at, key_state
                  FROM api_keys k WHERE k.tenant_id = tenant AND k.key_hash = key_hashes[i];
                IF key_state = 'live' THEN
                    IF capped[i] THEN
                        paid := EXISTS (SELECT FROM tenants t WHERE t.id = tenant AND t.billing_status = 'paid')
                             OR EXISTS (SELECT FROM cases c WHERE c.tenant_id = tenant AND c.billing_status = 'paid');
                        IF NOT paid THEN
                            -- Whoever counts holds the lock until its own event is committed, so that the next one
                            -- counts that too. FOR UPDATE would also block the foreign-key checks of other inserts.
                            PERFORM FROM tenants t WHERE t.id = tenant FOR NO KEY UPDATE;
                            -- One statement, so that what was pruned and what is left are of one moment.
                            SELECT least(
                                free_calls_max + 1,
                                coalesce((SELECT w.pruned_calls FROM usage_watermarks w WHERE w.tenant_id = tenant), 0)
                                + (SELECT count(*) FROM (
                                    SELECT FROM usage_events e
                                    WHERE e.tenant_id = tenant AND NOT (is_retry AND e.id = ANY (event_ids[i:]))
                                    LIMIT free_calls_max + 1
                                ) AS counted)
                            ) INTO earlier_calls;
                        END IF;
                    END IF;
                    INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)
                    VALUES (tenant, event_ids[i], key_id, methods[i], endpoints[i])
                    ON CONFLICT DO NOTHING;
                END IF;
                RETURN NEXT;
            END LOOP;
            SET LOCAL app.tenant_id = '';
        END
        $$;


--
-- Name: admit_batch(uuid[], text[], uuid[], text[], text[], boolean[], integer, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.admit_batch(tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean) RETURNS TABLE(key_id uuid, label text, role text, expires_at timestamp with time zone, key_state text, paid boolean, earlier_calls integer, lineage_id uuid, rate_limit_per_minute integer, scopes text[])
    LANGUAGE plpgsql
    AS $$
        DECLARE
            tenant uuid;
            key_hash text;
            state_of_key text;
            is_suspended boolean;
            is_locked boolean;
            k api_keys%ROWTYPE;
        BEGIN
            FOR i IN 1 .. cardinality(tenant_ids) LOOP
                IF tenant IS DISTINCT FROM tenant_ids[i] THEN
                    tenant := tenant_ids[i];
                    key_hash := NULL;
                    EXECUTE format('SET LOCAL app.tenant_id = %L', tenant);
                END IF;
                IF key_hash IS DISTINCT FROM key_hashes[i] THEN
                    key_hash := key_hashes[i];
                    
                    -- The lock that the event's foreign key takes. A key that is locked or unknown is read again.
                    SELECT * INTO k FROM api_keys a WHERE a.tenant_id = tenant AND a.key_hash = key_hashes[i]
                        FOR KEY SHARE SKIP LOCKED;
                    is_locked := NOT FOUND;
                    IF is_locked THEN
                        SELECT * INTO k FROM api_keys a WHERE a.tenant_id = tenant AND a.key_hash = key_hashes[i];
                    END IF;
        
                    key_id := k.id;
                    label := k.label;
                    role := k.role;
                    expires_at := k.expires_at;
                    lineage_id := coalesce(k.lineage_id, k.id);
                    rate_limit_per_minute := k.rate_limit_per_minute;
                    scopes := k.scopes;
                    state_of_key := CASE
                        WHEN k.revoked_at IS NOT NULL THEN 'revoked'
                        WHEN k.expires_at <= now() THEN 'expired'
                        WHEN k.id IS NOT NULL THEN 'live'
                    END;
                    IF state_of_key = 'live' THEN
                        
                        SELECT t.suspended_at IS NOT NULL INTO is_suspended FROM tenants t
                            WHERE t.id = tenant FOR KEY SHARE SKIP LOCKED;
                        IF is_locked OR NOT FOUND THEN
        
                            state_of_key := 'busy';
                        ELSIF is_suspended THEN
                            state_of_key := 'suspended';
                        END IF;
                    END IF;
                END IF;
                key_state := state_of_key;
                paid := false;
                earlier_calls := 0;
                IF key_state = 'live' AND capped[i] THEN
                    paid := EXISTS (SELECT FROM tenants t WHERE t.id = tenant AND t.billing_status = 'paid')
                         OR EXISTS (SELECT FROM cases c WHERE c.tenant_id = tenant AND c.billing_status = 'paid');
                    IF NOT paid THEN
                        -- The transaction that counts holds the lock until its own event is committed, so that the next
                        -- one counts that too. FOR UPDATE would also block the foreign-key checks of other inserts.
                        PERFORM FROM tenants t WHERE t.id = tenant FOR NO KEY UPDATE SKIP LOCKED;
                        IF NOT FOUND THEN
                            key_state := 'busy';
                        END IF;
                    END IF;
                END IF;
                IF key_state = 'live' THEN
                    IF capped[i] AND NOT paid THEN
                        -- One statement, so that what was pruned and what is left are of one moment.
                        SELECT least(
                            free_calls_max + 1,
                            coalesce((SELECT w.pruned_calls FROM usage_watermarks w WHERE w.tenant_id = tenant), 0)
                            + (SELECT count(*) FROM (
                                SELECT FROM usage_events e
                                WHERE e.tenant_id = tenant AND NOT (is_retry AND e.id = ANY (event_ids[i:]))
                                LIMIT free_calls_max + 1
                            ) AS counted)
                        ) INTO earlier_calls;
                    END IF;
                    INSERT INTO usage_events (tenant_id, id, api_key_id, method, endpoint)
                    VALUES (tenant, event_ids[i], key_id, methods[i], endpoints[i])
                    ON CONFLICT DO NOTHING;
                END IF;
                RETURN NEXT;
            END LOOP;
            SET LOCAL app.tenant_id = '';
        END
        $$;


--
-- Name: admit_of(uuid, text[], uuid[], text[], text[], boolean[], integer, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.admit_of(tenant uuid, key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean) RETURNS TABLE(key_id uuid, label text, role text, expires_at timestamp with time zone, key_state text, paid boolean, earlier_calls integer, lineage_id uuid, rate_limit_per_minute integer, scopes text[])
    LANGUAGE plpgsql
    AS $$
        BEGIN
            RETURN QUERY SELECT * FROM admit_batch(
                array_fill(tenant, ARRAY[cardinality(key_hashes)]), key_hashes, event_ids, methods, endpoints, capped,
                free_calls_max, is_retry
            );
        END
        $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: access_log; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.access_log (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid,
    operation text NOT NULL,
    key_id uuid NOT NULL,
    key_label text NOT NULL,
    request_id uuid NOT NULL,
    filter jsonb,
    count integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.access_log FORCE ROW LEVEL SECURITY;


--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: TABLE alembic_version; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TABLE public.alembic_version IS 'b1c2d3e4f5da';


--
-- Name: api_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_keys (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    key_hash text NOT NULL,
    label text NOT NULL,
    role text DEFAULT 'user'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    rotated_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_four text,
    lineage_id uuid,
    rate_limit_per_minute integer,
    scopes text[],
    CONSTRAINT ck_api_keys_ck_api_keys_key_hash CHECK ((key_hash ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT ck_api_keys_ck_api_keys_role CHECK ((role = ANY (ARRAY['user'::text, 'admin'::text]))),
    CONSTRAINT ck_api_keys_last_four CHECK ((last_four ~ '^[0-9A-Za-z]{4}$'::text)),
    CONSTRAINT ck_api_keys_rate_limit_per_minute CHECK (((rate_limit_per_minute >= 1) AND (rate_limit_per_minute <= 100000))),
    CONSTRAINT ck_api_keys_scopes CHECK (((scopes <@ ARRAY['read'::text, 'write'::text, 'import'::text, 'sign'::text, 'export'::text]) AND (cardinality(scopes) > 0)))
);

ALTER TABLE ONLY public.api_keys FORCE ROW LEVEL SECURITY;


--
-- Name: case_disclosures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.case_disclosures (
    tenant_id uuid NOT NULL,
    case_id uuid NOT NULL,
    revision integer NOT NULL,
    name text NOT NULL,
    disclosure text NOT NULL
);

ALTER TABLE ONLY public.case_disclosures FORCE ROW LEVEL SECURITY;


--
-- Name: case_revisions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.case_revisions (
    tenant_id uuid NOT NULL,
    case_id uuid NOT NULL,
    revision integer NOT NULL,
    status text NOT NULL,
    signed text NOT NULL,
    sha256 text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ck_case_revisions_ck_case_revisions_revision CHECK ((revision >= 1)),
    CONSTRAINT ck_case_revisions_ck_case_revisions_sha256 CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT ck_case_revisions_ck_case_revisions_status CHECK ((status = ANY (ARRAY['final'::text, 'amended'::text, 'entered_in_error'::text])))
);

ALTER TABLE ONLY public.case_revisions FORCE ROW LEVEL SECURITY;


--
-- Name: case_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.case_tags (
    tenant_id uuid NOT NULL,
    case_id uuid NOT NULL,
    tag text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.case_tags FORCE ROW LEVEL SECURITY;


--
-- Name: cases; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.cases (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    external_id text,
    status text DEFAULT 'draft'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    title text NOT NULL,
    content jsonb,
    amendment_reason text,
    revision integer,
    type_system text DEFAULT 'http://loinc.org'::text NOT NULL,
    type_code text DEFAULT '34133-9'::text NOT NULL,
    subject_system text,
    subject_value text,
    billing_status text DEFAULT 'free'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid NOT NULL,
    finalized_at timestamp with time zone,
    change_seq bigint,
    numbered_version integer,
    source_sha256 text,
    CONSTRAINT ck_cases_ck_cases_billing_status CHECK ((billing_status = ANY (ARRAY['free'::text, 'paid'::text]))),
    CONSTRAINT ck_cases_ck_cases_status CHECK ((status = ANY (ARRAY['draft'::text, 'final'::text, 'amended'::text, 'cancelled'::text, 'entered_in_error'::text]))),
    CONSTRAINT ck_cases_ck_cases_version CHECK ((version >= 1))
);

ALTER TABLE ONLY public.cases FORCE ROW LEVEL SECURITY;


--
-- Name: change_feeds; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.change_feeds (
    tenant_id uuid NOT NULL,
    last_seq bigint NOT NULL
);

ALTER TABLE ONLY public.change_feeds FORCE ROW LEVEL SECURITY;


--
-- Name: idempotency_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_keys (
    tenant_id uuid NOT NULL,
    lineage_id uuid NOT NULL,
    value_sha256 text NOT NULL,
    fingerprint text NOT NULL,
    case_id uuid,
    status bigint,
    headers jsonb,
    body text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ck_idempotency_keys_ck_idempotency_keys_fingerprint CHECK ((fingerprint ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT ck_idempotency_keys_ck_idempotency_keys_value_sha256 CHECK ((value_sha256 ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE ONLY public.idempotency_keys FORCE ROW LEVEL SECURITY;


--
-- Name: rate_limit_counters; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.rate_limit_counters (
    tenant_id uuid NOT NULL,
    lineage_id uuid NOT NULL,
    second bigint NOT NULL,
    leased bigint[] NOT NULL,
    granted bigint NOT NULL
);

ALTER TABLE ONLY public.rate_limit_counters FORCE ROW LEVEL SECURITY;


--
-- Name: signatures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signatures (
    tenant_id uuid NOT NULL,
    case_id uuid NOT NULL,
    revision integer NOT NULL,
    number integer NOT NULL,
    statement text,
    jws text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ck_signatures_ck_signatures_number CHECK ((number >= 1))
);

ALTER TABLE ONLY public.signatures FORCE ROW LEVEL SECURITY;


--
-- Name: signing_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signing_keys (
    kid text NOT NULL,
    jwk jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    compromised_at timestamp with time zone
);


--
-- Name: tenant_names; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tenant_names (
    tenant_id uuid NOT NULL,
    name text NOT NULL
);

ALTER TABLE ONLY public.tenant_names FORCE ROW LEVEL SECURITY;


--
-- Name: tenants; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tenants (
    id uuid NOT NULL,
    name text NOT NULL,
    billing_status text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    suspended_at timestamp with time zone,
    deletion jsonb,
    CONSTRAINT ck_tenants_ck_tenants_billing_status CHECK ((billing_status = ANY (ARRAY['free'::text, 'paid'::text])))
);

ALTER TABLE ONLY public.tenants FORCE ROW LEVEL SECURITY;


--
-- Name: usage_daily; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usage_daily (
    tenant_id uuid NOT NULL,
    day date NOT NULL,
    endpoint text NOT NULL,
    api_key_id uuid NOT NULL,
    calls bigint NOT NULL,
    CONSTRAINT ck_usage_daily_ck_usage_daily_calls CHECK ((calls > 0))
);

ALTER TABLE ONLY public.usage_daily FORCE ROW LEVEL SECURITY;


--
-- Name: usage_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usage_events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    method text NOT NULL,
    endpoint text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.usage_events FORCE ROW LEVEL SECURITY;


--
-- Name: usage_hourly; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usage_hourly (
    tenant_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    endpoint text NOT NULL,
    api_key_id uuid NOT NULL,
    calls bigint NOT NULL,
    CONSTRAINT ck_usage_hourly_ck_usage_hourly_calls CHECK ((calls > 0))
);

ALTER TABLE ONLY public.usage_hourly FORCE ROW LEVEL SECURITY;


--
-- Name: usage_outcomes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usage_outcomes (
    tenant_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    calls bigint NOT NULL,
    CONSTRAINT ck_usage_outcomes_ck_usage_outcomes_calls CHECK ((calls > 0))
);

ALTER TABLE ONLY public.usage_outcomes FORCE ROW LEVEL SECURITY;


--
-- Name: usage_watermarks; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usage_watermarks (
    tenant_id uuid NOT NULL,
    closed_before timestamp with time zone NOT NULL,
    pruned_before date,
    pruned_calls bigint,
    CONSTRAINT ck_usage_watermarks_ck_usage_watermarks_pruned_calls CHECK ((pruned_calls >= 0))
);

ALTER TABLE ONLY public.usage_watermarks FORCE ROW LEVEL SECURITY;


--
-- Data for Name: access_log; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.access_log (tenant_id, id, case_id, operation, key_id, key_label, request_id, filter, count, created_at) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '62809c32-0378-410d-b078-6ef22b70f990', NULL, 'list_cases', '117ffbc6-3510-4cde-9c0d-e2f12985d6aa', 'limited', 'c985976c-5277-4669-b321-dc45a5ca4e32', '{}', 0, '2026-11-30 17:00:40.421055+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'c9af2ea7-9720-47a9-a480-27d5966b3ca5', 'b94d8580-4a48-4cb8-aa9c-496120dc8e79', 'create_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '00bec913-344e-4d6d-9ce3-b9294c2973ce', NULL, NULL, '2026-11-30 17:00:40.442872+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'cfa2e16c-362c-4b2f-b089-de932397849d', 'a68a04b1-f8de-43a3-b7d7-5262869e6466', 'create_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'e4232922-56b1-4fe8-9030-c724e139a141', NULL, NULL, '2026-11-30 17:00:40.462367+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '35d10395-0194-4972-b1c3-637c8553b93b', 'a68a04b1-f8de-43a3-b7d7-5262869e6466', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'b6e5e2b9-761e-44d2-b6c5-9a114f3de930', NULL, NULL, '2026-11-30 17:00:40.474781+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '25ccdcc8-6a6b-4985-8f56-29ace4649858', '8ef97ec1-6f23-4030-bc87-5eefc13d3ca4', 'create_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'e0086c65-9e8d-4caf-95e3-3cd89fd9eeab', NULL, NULL, '2026-11-30 17:00:40.486859+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '350a75c0-d56e-43ec-afb0-14b357f83d75', '8ef97ec1-6f23-4030-bc87-5eefc13d3ca4', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '79379345-4eaa-4dea-ae69-c816014be446', NULL, NULL, '2026-11-30 17:00:40.50234+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'd7abcdba-8bf7-4cb8-a2c5-15c54168b70c', '8ef97ec1-6f23-4030-bc87-5eefc13d3ca4', 'cancel_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'fb74f0a0-ec60-4b7a-ad5a-36959a93c357', NULL, NULL, '2026-11-30 17:00:40.514662+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '29004e09-95e6-466f-ab3b-021227a698a6', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 'create_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'd2d34527-2482-4c5d-b428-9a6c81b190b5', NULL, NULL, '2026-11-30 17:00:40.531168+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b3ffc456-7312-49b9-acbf-731b596498fc', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'e2672b8b-d686-4063-afac-1ce8e25f28df', NULL, NULL, '2026-11-30 17:00:40.550785+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'e4c76ac6-050f-494b-9043-c149091d9fe9', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 'finalize_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'ccd9d667-5518-4b95-9eda-a322028ef7fa', NULL, NULL, '2026-11-30 17:00:40.559542+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '993e186b-8548-40dc-8df3-6838e6eeeae9', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'create_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'f7ed4390-08df-48d8-9e33-78e1e17b4915', NULL, NULL, '2026-11-30 17:00:40.587192+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '3bb78fd4-783b-48d8-bd5f-fb2654bd822f', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'f851c449-751f-4ffd-926c-354a07641547', NULL, NULL, '2026-11-30 17:00:40.609846+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '76f2e497-e21b-4b78-a3dc-3124f6afe6a8', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'finalize_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '80ac5dab-4e19-49b1-b547-86a91815b52e', NULL, NULL, '2026-11-30 17:00:40.633675+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'e1688745-004d-4311-ad0a-2fc0c452069e', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'attest_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '671a0679-c6cf-4594-9a19-d0133496bf1b', NULL, NULL, '2026-11-30 17:00:40.67309+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a1203d2f-a7f9-4ac7-b5c5-2a999f6d517f', '671ea0cf-aff2-4702-8103-358c04090041', 'create_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'd74a595f-6d7d-46eb-8f84-fffee08db45e', NULL, NULL, '2026-11-30 17:00:40.70724+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '4ef58ccd-bd9a-414b-95bc-20329a6d9fd1', '671ea0cf-aff2-4702-8103-358c04090041', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '2d3e01c2-74fc-4488-b381-397bf152f5fc', NULL, NULL, '2026-11-30 17:00:40.73432+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'e45c7c37-5a35-4772-9fdf-424e868d0969', '671ea0cf-aff2-4702-8103-358c04090041', 'finalize_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '92520f2a-2818-4274-ae36-52578e4e0a03', NULL, NULL, '2026-11-30 17:00:40.758318+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '82be6011-11c6-4fdd-884b-06f68fe2bbfc', '671ea0cf-aff2-4702-8103-358c04090041', 'amend_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'c2f74982-b6d8-48cd-aebc-4acf3d869108', NULL, NULL, '2026-11-30 17:00:40.786717+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '6ef6869e-f242-4991-888f-95ae1a885713', '671ea0cf-aff2-4702-8103-358c04090041', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'c6b85516-ab13-4de3-bd6a-a27982d666a6', NULL, NULL, '2026-11-30 17:00:40.816345+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'bb67386c-9c54-4357-93c0-751c369587f2', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'create_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'f0ccbeb4-b414-4bf5-a42b-a1cf94bc39d1', NULL, NULL, '2026-11-30 17:00:40.840113+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '1d3dbfca-075b-49ee-ad7a-0007c8125077', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '40f9ab82-b379-415a-8877-7e805b7ebb7b', NULL, NULL, '2026-11-30 17:00:40.858431+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '9033ae24-25f4-472f-9ec7-62b5d1896389', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'finalize_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'e20c2543-cbf4-462a-8c75-e34d0f00e45c', NULL, NULL, '2026-11-30 17:00:40.872361+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '0ad7926e-ce15-4b87-b585-053c87f4420d', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'amend_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '293553df-dd22-4e5d-bec5-e9f9986ba2d7', NULL, NULL, '2026-11-30 17:00:40.883712+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '0ea5ab6c-5c93-40aa-a038-c7bb795452d4', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'b0eafe2f-96bb-4e5f-beaf-793261a3a710', NULL, NULL, '2026-11-30 17:00:40.903334+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'c5e501ed-5629-49ae-b60a-70ee8068cbee', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'finalize_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '612acd63-2e1f-45b6-b11d-4a93af6a21f1', NULL, NULL, '2026-11-30 17:00:40.918445+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '9acb193c-9ba8-46e9-9d45-4bdb7a7335d5', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'create_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'a94a98ec-6c7b-4cfb-bebf-7272c55babc7', NULL, NULL, '2026-11-30 17:00:40.934338+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a2012673-2d31-4c25-ad31-001597df35f5', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'ed24df26-ae5b-43f2-8e33-ac1d9da063f0', NULL, NULL, '2026-11-30 17:00:40.953175+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '75cb7691-3171-4a5f-b74d-51171071fc1f', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'finalize_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'e6c71431-165c-428f-873e-27f0742e7651', NULL, NULL, '2026-11-30 17:00:40.973761+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'dc86ad13-ad58-4847-a650-6583b1e79b94', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'amend_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '033c6117-8774-4b71-bf3b-b999ec3010a0', NULL, NULL, '2026-11-30 17:00:40.987619+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'bb9976c9-83e7-4511-8649-2217316d433e', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'af7249fe-77d6-452a-9549-e5592bead29e', NULL, NULL, '2026-11-30 17:00:41.003131+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '5d22c9a3-da65-48e6-8654-6b0da03d9fd6', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'finalize_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '3202f210-41f8-45b3-a12a-5dfabbac0458', NULL, NULL, '2026-11-30 17:00:41.020959+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '54ad11a7-5246-4a8f-b8bf-0aea67be19c5', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'erase_subject', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'e789de9f-2071-46b6-b40c-ffad6726af23', NULL, NULL, '2026-11-30 17:00:41.02668+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'aad28dd6-3320-4b43-b98b-31709ae818ca', '37b989ab-b265-4799-8130-c402bd44027a', 'create_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '4869f332-09ba-44af-b053-f3c0191c9230', NULL, NULL, '2026-11-30 17:00:41.037217+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'c4038679-41b4-4ff9-8413-89cbd98e7288', '37b989ab-b265-4799-8130-c402bd44027a', 'update_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'd6c8ec65-d434-4ea9-b781-3de8a08c9d4d', NULL, NULL, '2026-11-30 17:00:41.046654+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'af25b274-0991-4a39-9681-a551ae6aa5b7', '37b989ab-b265-4799-8130-c402bd44027a', 'finalize_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '0c8512bb-5fbe-4b99-a25b-aec9552f8255', NULL, NULL, '2026-11-30 17:00:41.058756+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '509bc3e7-91b4-44a1-a153-dfcdbe969aa9', '37b989ab-b265-4799-8130-c402bd44027a', 'void_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '5b79ecc0-4915-4a19-8cf0-826c22710d4e', NULL, NULL, '2026-11-30 17:00:41.063373+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'bb7f16cc-bd02-4852-a302-113ee1555116', 'a68a04b1-f8de-43a3-b7d7-5262869e6466', 'get_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '4450c259-6367-4f3a-82da-c7f58de0538c', NULL, NULL, '2026-11-30 17:00:41.071212+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '09a98c49-f424-4425-92e9-7d017813e66c', '8ef97ec1-6f23-4030-bc87-5eefc13d3ca4', 'get_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '601e9b92-d064-42b1-9ddf-fce0fbb0b646', NULL, NULL, '2026-11-30 17:00:41.076623+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b5911b20-306a-4ab8-844e-a1b88da1b31c', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 'get_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '2ecfce0b-1daf-4bbd-b774-5ce98a32fd95', NULL, NULL, '2026-11-30 17:00:41.08577+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '1891484b-fa44-4a3c-887b-606f95aad739', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 'list_revisions', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'd7471977-5d1e-47e9-9990-c97e71a1f35a', NULL, NULL, '2026-11-30 17:00:41.093049+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'd6dbe63f-f9f6-4c43-9da4-fca2410f64ba', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 'get_revision', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'd7c591e4-01f2-4f8c-a7b8-0b0f29e400ed', NULL, NULL, '2026-11-30 17:00:41.104759+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '0d758421-f71e-4108-84a8-9258e60d4d80', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'get_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'a1323e8a-4ea0-489a-bff3-6814ae80fbda', NULL, NULL, '2026-11-30 17:00:41.114604+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b7dc9416-9657-46c5-874d-efc74446eca2', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'list_revisions', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'b3787f05-b38c-4425-b5b0-c8349509d351', NULL, NULL, '2026-11-30 17:00:41.124794+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '95cdccab-0400-40d2-a24a-30d277ffccee', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'get_revision', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'aa7c4f1a-ea15-43c1-98b9-8680b04fc3dc', NULL, NULL, '2026-11-30 17:00:41.131062+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '64d2182d-06b3-48b1-a19a-3d415101e370', '671ea0cf-aff2-4702-8103-358c04090041', 'get_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '0525111b-6dbc-477c-a40b-f5b8d9d92080', NULL, NULL, '2026-11-30 17:00:41.141484+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '16f73c41-d740-421d-9992-9d168e0c17ba', '671ea0cf-aff2-4702-8103-358c04090041', 'list_revisions', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'e8fe0449-866f-46ce-94ae-0c03c8583452', NULL, NULL, '2026-11-30 17:00:41.149354+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'dd14b05b-d7a9-4d73-b4cb-7bccdbeb25f9', '671ea0cf-aff2-4702-8103-358c04090041', 'get_revision', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '9b25ae6f-5a9b-4be4-9d84-cd0becb2640c', NULL, NULL, '2026-11-30 17:00:41.155361+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2be155de-e46b-4c54-ac15-c6ba58ec6743', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'get_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'f21efcf8-aa4e-4d28-bbc4-afbc9ec1cf69', NULL, NULL, '2026-11-30 17:00:41.163046+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'abe9dc35-c78b-43e9-99ca-50e6d57bf505', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'list_revisions', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'f9cb1dc3-ee38-44d8-a3e4-239d741e4688', NULL, NULL, '2026-11-30 17:00:41.170592+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'e69b5fcd-d7ee-496f-8c3d-2b3a31a6017b', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'get_revision', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '5b1ee843-ef94-4b41-8cc9-9d8a10573758', NULL, NULL, '2026-11-30 17:00:41.179998+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '23874a71-fc82-453a-839b-c58898c7ac4f', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'get_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '253afb1f-1064-4cad-984a-000a5b4f6db8', NULL, NULL, '2026-11-30 17:00:41.191605+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'ce88319d-622c-4d64-8b5e-80bded4c1f7b', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'list_revisions', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '92723a42-585b-451e-888d-d43089937bf2', NULL, NULL, '2026-11-30 17:00:41.202579+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '29dd1c8a-24f7-44dc-bc5c-7b325f9e4e57', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'get_revision', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'e9e65143-ab79-4c65-86cb-45034835aaf3', NULL, NULL, '2026-11-30 17:00:41.211195+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '40b36bc1-f58c-4235-934b-f82b198e6073', '37b989ab-b265-4799-8130-c402bd44027a', 'get_case', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'dc682856-7010-450d-abf9-8aa6bbaf6175', NULL, NULL, '2026-11-30 17:00:41.222603+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'bb7cfe77-9fff-47ca-944b-dc38bca1fb62', '37b989ab-b265-4799-8130-c402bd44027a', 'list_revisions', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', 'b8dd108b-1100-42b8-8a60-2dd5d2dc1a53', NULL, NULL, '2026-11-30 17:00:41.230584+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '6eb5a895-3b0c-48fb-be5b-f6337fe0b41b', '37b989ab-b265-4799-8130-c402bd44027a', 'get_revision', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '59d0104c-6bd6-4bb9-b27a-5d78f1f6eada', NULL, NULL, '2026-11-30 17:00:41.237048+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '6c0bf575-112f-4769-863e-94e7b51a2dbb', NULL, 'list_cases', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'bootstrap-clinic-of-the-north', '4c4cbf35-8555-459b-a4fd-7edd313f87aa', '{"tag": true}', 8, '2026-11-30 17:00:41.248076+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '36893daf-64a5-4299-b6ab-35fd82d504ed', NULL, 'list_cases', 'd5481ee0-beb0-49cb-ba95-05bc50088a85', 'limited', '1fb29097-c3e1-4470-88a3-b8acfe2869ac', '{}', 0, '2026-11-30 17:00:41.309863+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb4ff452-bccd-4c86-8396-54a432cb7a5d', 'b2e7c2d2-b9eb-4ee0-9c9c-d22e2e11ad9a', 'create_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '34881006-db86-4b1e-bf5e-82b62ba7c74e', NULL, NULL, '2026-11-30 17:00:41.320454+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '216df2c4-cf87-44ad-8372-47b4c762ac5d', '78ed53d0-4345-42a4-8cde-14ae2a948f79', 'create_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '8e818c5a-c0c0-4eb2-91b2-058d82ea4acd', NULL, NULL, '2026-11-30 17:00:41.330621+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'c041b519-0b62-4d86-8f5c-d6cbe9155fe9', '78ed53d0-4345-42a4-8cde-14ae2a948f79', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '60291a1d-be5b-4286-af41-855bcebc4233', NULL, NULL, '2026-11-30 17:00:41.346705+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '714a29ba-a7c4-496f-bc73-972871906692', 'b3a6ca76-f0d1-4575-8a83-3bf37fb8f00f', 'create_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '95be01ed-1f3d-4eb9-b5d9-a17d98305cd0', NULL, NULL, '2026-11-30 17:00:41.354361+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '91a5eb1c-90c5-4e65-913f-fbabd9a8c3c1', 'b3a6ca76-f0d1-4575-8a83-3bf37fb8f00f', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'ece41def-b8a9-4c38-94d9-b3a4bd0f3ca6', NULL, NULL, '2026-11-30 17:00:41.361507+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '299d50a4-6637-433c-aa5b-68dce80e136b', 'b3a6ca76-f0d1-4575-8a83-3bf37fb8f00f', 'cancel_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '7ec4828d-8662-4c0e-a034-9e67b17ceaf6', NULL, NULL, '2026-11-30 17:00:41.373022+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '86ac3609-f50a-429b-99d6-8da93184b305', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 'create_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '9a47757f-f320-4625-be21-ca93f20d263a', NULL, NULL, '2026-11-30 17:00:41.37903+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'e634ad35-d95b-45fc-866b-eb460bb69d30', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'b2dca456-2aff-49a2-a10e-adb180ed899c', NULL, NULL, '2026-11-30 17:00:41.384586+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4e286c51-2f3d-4076-a9a6-797bae799530', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 'finalize_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'b0874078-5a0c-4f30-8237-6e23b93cfa29', NULL, NULL, '2026-11-30 17:00:41.396528+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '7c90fce8-c5e6-4ef4-a71b-b5ef0e3946f2', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'create_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'd8eab7b2-1481-49eb-8339-638764075cbc', NULL, NULL, '2026-11-30 17:00:41.410701+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'f4296aad-d6ce-424a-98a0-6f3cbf732a04', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '62c6a777-c8b3-48a7-8c87-609ade747562', NULL, NULL, '2026-11-30 17:00:41.416225+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '1cf0c5e2-a56e-4209-a3b7-4c1327c7065a', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'finalize_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'bb1fd671-2785-44d7-8647-63724afc576a', NULL, NULL, '2026-11-30 17:00:41.422703+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'c7f0f3ea-d150-45dc-adbe-3c89f95ec83a', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'attest_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '722ae0e8-364d-44fa-b455-b40d1d1cfd40', NULL, NULL, '2026-11-30 17:00:41.438526+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '04ed4412-f02c-4d5e-ac85-d444c7df212b', 'bb074335-271c-4a04-8b58-8e90053d7686', 'create_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'f98d3b34-ca41-41b9-85cf-f74929e30b94', NULL, NULL, '2026-11-30 17:00:41.449262+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'cc36fa32-3474-49d9-8cce-bc781a9e0bde', 'bb074335-271c-4a04-8b58-8e90053d7686', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'bce1ba8a-1037-43f2-8218-a641345b9364', NULL, NULL, '2026-11-30 17:00:41.462855+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'dcf57f51-c2cc-4271-b02a-f72626949e7a', 'bb074335-271c-4a04-8b58-8e90053d7686', 'finalize_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '9d05aed3-dd04-45ce-b4d5-267d3cfb6f74', NULL, NULL, '2026-11-30 17:00:41.475172+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'f331cc08-fef7-4e46-8b7d-ca64b630c060', 'bb074335-271c-4a04-8b58-8e90053d7686', 'amend_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'a050f82e-7879-4e49-acd0-d1c489353400', NULL, NULL, '2026-11-30 17:00:41.484637+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '5ed619de-767b-41ec-a1d7-0b297c345203', 'bb074335-271c-4a04-8b58-8e90053d7686', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'fc3c2d35-71dc-4a34-aeec-75f24e84cf69', NULL, NULL, '2026-11-30 17:00:41.497684+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4410543a-10f8-46f8-923a-5adeadb96a6a', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'create_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '8a4fae93-8418-49ee-8ede-41b398f596c7', NULL, NULL, '2026-11-30 17:00:41.505077+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b20d29eb-7bc5-4c81-a92d-86d33443ca76', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'c6d16be2-31d3-45ba-b266-e3f40ee1ada0', NULL, NULL, '2026-11-30 17:00:41.521908+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb6a9673-f53d-4514-af98-86a5f7e0d00e', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'finalize_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'bc5dc98c-5510-420b-9bea-5b7301832916', NULL, NULL, '2026-11-30 17:00:41.541448+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '63f164d8-d73e-4ffc-824d-4e5a4cd6434a', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'amend_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'c40204ab-02bc-46c2-9c27-b7faf3f327ba', NULL, NULL, '2026-11-30 17:00:41.555716+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b3af26ed-d172-4810-921d-b3431197d088', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '64825371-2ddf-4423-98e3-c1106f0acd2d', NULL, NULL, '2026-11-30 17:00:41.575789+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'cc26c146-0f98-4a70-91d3-8b2510d676dc', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'finalize_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '6c791f9e-a8cd-4773-9da6-37773c7faf95', NULL, NULL, '2026-11-30 17:00:41.589532+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'd1df851b-4d32-40ce-8255-aa47bd7ec062', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'create_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'ef683e0e-9a99-4ef2-895d-614c09cf3899', NULL, NULL, '2026-11-30 17:00:41.59908+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '817a2c0a-aadf-4f57-b968-5db3d92a7769', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '1907817d-ed09-461d-8098-f5183697722e', NULL, NULL, '2026-11-30 17:00:41.612924+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '7d2d6bb9-abf1-4ac8-b8ee-448298420ca4', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'finalize_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '4df40421-5aec-4957-899a-a8539d7e6165', NULL, NULL, '2026-11-30 17:00:41.625673+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '13040638-a0ed-416d-b4f9-356159c1b114', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'amend_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '4235ad53-98af-4c34-87b0-b1b7a3f0b147', NULL, NULL, '2026-11-30 17:00:41.635571+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fb909dc4-dd05-4a70-a73b-6fcec9fa81c3', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '0ff5d4a1-bb03-44ea-8a46-e483699539b5', NULL, NULL, '2026-11-30 17:00:41.650674+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '6f913e01-2c94-403b-8e77-53684bac3069', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'finalize_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '86887aeb-9c5f-4f81-93db-fa53332c734b', NULL, NULL, '2026-11-30 17:00:41.655848+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '6c3134e6-3105-418c-bd41-4de9e8f9b3cd', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'erase_subject', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'c335d084-c347-4b66-bc85-50b872da4af7', NULL, NULL, '2026-11-30 17:00:41.673695+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '31eca45a-2538-44de-b5ce-7b4b8683e4a2', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'create_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '43c1eb6d-84c3-4851-97df-075e3bc2eb7c', NULL, NULL, '2026-11-30 17:00:41.685239+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4d9f1377-3b59-4e4c-bb2e-a13034590559', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'update_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'f5e44062-4971-4afc-b738-88076f64926b', NULL, NULL, '2026-11-30 17:00:41.690651+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '33ba85b1-1c07-45de-a747-96b071c8678c', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'finalize_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'a44cb9bc-45e3-44f8-ae35-e6ba9cdd85e4', NULL, NULL, '2026-11-30 17:00:41.710656+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '85409dcb-e98d-40e2-b5fe-b6929b678f2e', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'void_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '2a8cf116-8e33-4fa5-b537-6ded56dd49bb', NULL, NULL, '2026-11-30 17:00:41.721778+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '9e00f0b8-3ce3-4cc5-a7db-920c61d24d27', '78ed53d0-4345-42a4-8cde-14ae2a948f79', 'get_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'b2763424-e856-4532-bbcb-6f3c1680a140', NULL, NULL, '2026-11-30 17:00:41.73813+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'a0f803b0-5ff9-4497-8790-d6d4a94546ca', 'b3a6ca76-f0d1-4575-8a83-3bf37fb8f00f', 'get_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '6a85f46a-3ec0-43cc-9f25-9ac7c498e417', NULL, NULL, '2026-11-30 17:00:41.758334+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '67171239-3e49-4d13-9c8a-a0b3fa093e1c', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 'get_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'e1819f04-bf9b-4c62-ad53-c7780c62e49d', NULL, NULL, '2026-11-30 17:00:41.774616+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '5d8a8737-f8a9-4078-854c-5b64c52ea206', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 'list_revisions', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'a97f4807-845a-4564-9b81-c3a50dd0b6cc', NULL, NULL, '2026-11-30 17:00:41.787885+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '76ae0689-f594-4bdc-bc70-6c9fa9f8d435', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 'get_revision', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'dabb0e0f-ad62-4082-9c0a-18d1dae18978', NULL, NULL, '2026-11-30 17:00:41.798597+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '59927ca4-b34c-4bdf-9c55-4a6de3fe8db3', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'get_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '112ce629-b7e1-47df-bb56-b8ee26a427e9', NULL, NULL, '2026-11-30 17:00:41.813028+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'a1a646b1-663f-4ea7-982e-f6ac5f7bb6f0', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'list_revisions', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'f861a0f3-be48-417f-9fe6-d0d3a6308fc4', NULL, NULL, '2026-11-30 17:00:41.829131+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'd1e4654a-46e4-4c1c-91c1-a1a959f38a11', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'get_revision', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '0597d008-82cd-46ef-8edc-eb15d7730488', NULL, NULL, '2026-11-30 17:00:41.840428+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'eacbe977-bc5a-4281-9e13-1c027c8363d9', 'bb074335-271c-4a04-8b58-8e90053d7686', 'get_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '37f84b8b-ac18-4786-b859-245cd598e2fd', NULL, NULL, '2026-11-30 17:00:41.850878+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '7f75fc98-2399-46cd-869a-6eba1ef62a9f', 'bb074335-271c-4a04-8b58-8e90053d7686', 'list_revisions', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '6d0133bc-87b4-4db5-ae41-925bf23206be', NULL, NULL, '2026-11-30 17:00:41.863277+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '079a785d-87ee-4437-8e6c-8753c071c7c9', 'bb074335-271c-4a04-8b58-8e90053d7686', 'get_revision', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'e60d85f3-cd57-4691-b15c-4445af3063f0', NULL, NULL, '2026-11-30 17:00:41.878461+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b545f1dc-db50-4fb6-b461-cc428e455c5f', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'get_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'a98d0f03-096b-4d7c-a3cc-b4037de7a2d6', NULL, NULL, '2026-11-30 17:00:41.888516+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '441d5d66-9a2b-4d0f-9381-759de3526868', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'list_revisions', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '2a1b007c-f2e0-4fb9-950c-cd31d70f654b', NULL, NULL, '2026-11-30 17:00:41.893893+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '08d52788-5cfb-4840-b8f0-f63aae712fd4', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'get_revision', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'cdd1c4a4-2d11-45bc-96cc-97231417e83c', NULL, NULL, '2026-11-30 17:00:41.902616+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '257f2b27-1d7f-42c0-a06d-32c2b74a6d8a', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'get_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'a9fe0a4e-3abd-4baa-9916-c5f8ee50b04f', NULL, NULL, '2026-11-30 17:00:41.910583+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '596b1b85-c2e3-4344-9571-fa0fe3657f68', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'list_revisions', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'f1956cb5-11c9-44c1-b197-9830474bc08b', NULL, NULL, '2026-11-30 17:00:41.916468+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'c290671e-6245-4c0a-8b30-a0901daea28b', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'get_revision', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '4dea515c-0f18-4d8b-8955-4f41b225eb96', NULL, NULL, '2026-11-30 17:00:41.924877+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'e53f286a-0cce-48d3-9edd-691c02b59d3c', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'get_case', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', 'ecb42c36-c0cb-46ec-b744-5a20c00a6277', NULL, NULL, '2026-11-30 17:00:41.933488+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'cd251282-1b1c-4ba2-9bb1-39ab6f2fe53f', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'list_revisions', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '3ae1754c-8793-406e-b4ae-721c076c1837', NULL, NULL, '2026-11-30 17:00:41.942568+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'e22d2636-b761-4205-ba01-1f11882ec078', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'get_revision', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '92aa0a31-d8ac-40a4-abd4-0cb0e57460d0', NULL, NULL, '2026-11-30 17:00:41.952027+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b81d9866-f579-4a67-acc7-1e4eb55fd3c9', NULL, 'list_cases', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'bootstrap-clinic-of-the-south', '87c95822-7d79-44a3-b543-6648e9642d92', '{"tag": true}', 8, '2026-11-30 17:00:41.974701+00');


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alembic_version (version_num) VALUES
	('b1c2d3e4f505');


--
-- Data for Name: api_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.api_keys (tenant_id, id, key_hash, label, role, created_at, expires_at, rotated_at, revoked_at, last_four, lineage_id, rate_limit_per_minute, scopes) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '594575bb-d7f8-40ca-9e9d-67e759b1178c', '852cee0a88410d46276aef45254cb86bf13d254a32527bdfae0031d0dea7cd0b', 'key 2', 'user', '2026-11-30 17:00:40.338359+00', NULL, NULL, NULL, 'd5UI', NULL, NULL, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '1446f8fd-c91b-4e1c-86dd-2b3bb65252ac', 'a78f34013f8d1eb24588ba0b0a0b9aae5db9a01e753277998af07d82043f5731', 'key 0', 'user', '2026-11-30 17:00:40.305262+00', NULL, NULL, '2026-11-30 17:00:40.350761+00', 'xTN5', NULL, NULL, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '9fec870f-7823-4633-b050-5fd3b0069edb', '7a8aedb65137da4211e365a2f6a480e78e3c54bb1cc91a707f31433f759fb045', 'key 1', 'user', '2026-11-30 17:00:40.325999+00', '2030-01-01 00:00:00+00', NULL, NULL, 'XcFF', NULL, NULL, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', '1454dd684d0c5ed2cddb5746ea57d9bde2242d578d47783c138dedde4d7bab49', 'bootstrap-clinic-of-the-north', 'admin', '2026-11-30 17:00:40.286324+00', '2026-11-30 18:00:40.378787+00', '2026-11-30 17:00:40.378787+00', NULL, 'SYTx', NULL, NULL, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', '6986fa6c9f8c1488ad9b689daa46bdba7ad61be55fd9ce798d636f38d3dfa395', 'bootstrap-clinic-of-the-north', 'admin', '2026-11-30 17:00:40.378787+00', NULL, NULL, NULL, 'slSN', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', NULL, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '117ffbc6-3510-4cde-9c0d-e2f12985d6aa', 'a73f6ce12419183a14356abc7ab6a0100618c2dbae2ff3c021118c3b2a5b662a', 'limited', 'user', '2026-11-30 17:00:40.398078+00', NULL, NULL, NULL, 'LAN6', NULL, 100, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b54c341f-354d-4f6f-ad54-eb824f1d9eeb', '3597fd17452139b82de904eb2bd62c01e8085e6077469c66376ee833c13734f9', 'key 2', 'user', '2026-11-30 17:00:41.272237+00', NULL, NULL, NULL, 'Em9U', NULL, NULL, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', '27192bd5-86d3-42f3-bdeb-e908a3d5aa72', '8524d883f237ff1c1828f98b5188146a90422883742cad002d345ce2e7fa55ce', 'key 0', 'user', '2026-11-30 17:00:41.26262+00', NULL, NULL, '2026-11-30 17:00:41.276315+00', 'qT0x', NULL, NULL, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bf41fe67-88c4-478f-afae-0a037c6593f8', '7424a92a3b6b2b6ba7b2b1c41b36b81fd78ad3091e019cb0ccc2532bf9dc2310', 'key 1', 'user', '2026-11-30 17:00:41.268325+00', '2030-01-01 00:00:00+00', NULL, NULL, 'tJdc', NULL, NULL, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', '366712e95d13507947140132c8d8b249318371620686f0c70406d827c6405266', 'bootstrap-clinic-of-the-south', 'admin', '2026-11-30 17:00:41.253939+00', '2026-11-30 18:00:41.290454+00', '2026-11-30 17:00:41.290454+00', NULL, 'jaHN', NULL, NULL, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', '0f7ce9214f849b319267cdffb9e89ce576ef69d4c5fc40ef5f7e3df125cca5ab', 'bootstrap-clinic-of-the-south', 'admin', '2026-11-30 17:00:41.290454+00', NULL, NULL, NULL, 'lrH8', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', NULL, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', 'd5481ee0-beb0-49cb-ba95-05bc50088a85', 'ff866685d1ad4e03a9627067dcb85ed6912284d5252b2accde4a0278488d9067', 'limited', 'user', '2026-11-30 17:00:41.296562+00', NULL, NULL, NULL, 'arFa', NULL, 100, NULL);


--
-- Data for Name: case_disclosures; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.case_disclosures (tenant_id, case_id, revision, name, disclosure) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'plan', 'WyIteDJ1dG8yMVNxRVlMM2hocUlDMlhBIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGZpbmFsKS4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'author', 'WyJ4aDFzOEc5X1k2YVpNLVVERXdjMURRIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'reason', 'WyJ3bGNzcDdWaWRKQlpTNUw2NFlJWFV3IiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'history', 'WyJDblRBZGJFRS1HYmRGQkVra2FsYl9nIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'subject', 'WyJ0SnN2bkI4ODBKalVtOWJsNkQ3ZVhRIiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'signer_1', 'WyJfeG55Tks3eGxiT1Z4NnpoQ002TzdnIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'allergies', 'WyJWQWRUaUlrQkxfbjIweUZ5dmFiTzVBIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'custodian', 'WyJQcWp2RGZXLVU0em5ZaURQTkIwZk9nIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'documents', 'WyJCQnplMXdodFJoTmNHME9Yclk5d2pRIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'encounter', 'WyJBZU5FX0FlSVZnVVZ3ODlPSUtacjRnIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'assessment', 'WyJSN2VRMjlDbV9QNWQ3bmhqNXE4U3dnIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'conditions', 'WyJELTlkTktabEs0aGRTZnYtNVlLQnp3IiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'procedures', 'WyJVT2J3ZUsxQ01fcU92UW5rTWZySFhnIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'medications', 'WyJPQ2RoR01ISUhPNDVwRzJZMnNFX0VBIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'observations', 'WyI1T3c3Mmdncm5Gb1EwY0VYc01JVmVRIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'immunizations', 'WyJhazA4T3hiN1FtSkJrTzZ6TWlQRWpRIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'other_sections', 'WyJjQ1ZOTXZCVmVqemRLajVxNC1qS3BBIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'diagnostic_reports', 'WyJuZzVPQnF4RW5JdFFGX0VkdlhRRkV3IiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'plan', 'WyJmbWFIQW5Iem5VTEFYeFpSRGtJV0pnIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGF0dGVzdGVkKS4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'author', 'WyIta21XSDA2X3RCWVBqcXJzOUtabmJBIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'reason', 'WyJ1SEQzMGJaUUowN2lyVVRaeWRkdDJRIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'history', 'WyJsRVdidURISFpUX3Rha0tVeHhzRXV3IiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'subject', 'WyJ4Mk1SR3FlWHh4WlVIUnNuSVpjTDVnIiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'signer_1', 'WyJQTUE0c0h0MlVydVEwajF3cnlJWVRRIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'allergies', 'WyJ3TWxaa0Y5ZXlKNzFZaXA0cWxQaTNRIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'custodian', 'WyJCM2JEaS1FQWx3T0VxdDZwMUtoRUFnIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'plan', 'WyIwc3p2MkwtVmFDVUwzVWtBY3E1b0xBIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGFtZW5kZWQpLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'documents', 'WyJ3TGFZa0ZrRDdUeWFFVXNYUF9DZmJRIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'encounter', 'WyJYNmxzTUdnVnBuUDNKUWFqRkJrY2VRIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'assessment', 'WyJCYXhvV3FHcHBDZ1dRSklDZi03eUl3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'conditions', 'WyJfZS16MU1WQ0MtYTEwSk9rVzN6Vmd3IiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'procedures', 'WyJmeWlqTzl5bzhNZEFvR0RGcGFhQzV3IiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'medications', 'WyJpWWpzbTB0aUpzbk5Eelh6akNNaE9BIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'observations', 'WyJVV08ycV9uQ1d0X0VOal8zNEt2dFZ3Iiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'immunizations', 'WyItMzNVclhrUFBtblpwM2l5MzdLSmlRIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'other_sections', 'WyItbGlrR0paTXJhNHU1Um1DbGhYX2hBIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'diagnostic_reports', 'WyJmbTZETGhfcFJVMzhfcll1dnVuYXpBIiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'signer_2', 'WyJRbGdDM2dtV2kwQzFrUkxQd1JlTV9nIiwic2lnbmVyIix7Im5hbWUiOiJQcm9mLiBLYXJsIE11c3RlciIsInJvbGUiOiJIZWFkIG9mIGRlcGFydG1lbnQiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'plan', 'WyJBVGFuRVRoc3BvV1VVX1VqQ3FxVjJRIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGFtZW5kaW5nKS4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'author', 'WyJtZThfTUROZlpDWXhiY2xfNHhxNVVRIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'reason', 'WyI1cVp2QzB5RFdLYzYtYkZ2eWdGcmFBIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'history', 'WyJaQVpRT1JyMGdWSTBWbzJ0bWJBaFZBIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'subject', 'WyJfX3c5ekZUc2VhM1hkR291Xy1ZS293Iiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'signer_1', 'WyJqLS1tTWU4M2JiVG5oRmQ0T001M0FRIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'allergies', 'WyJPUkxsM1ZNWG5UN0Z0dlpvTU0zRnZnIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'custodian', 'WyJwLWtXcTJRSGdGV25MRlk3cHpqZUhBIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'documents', 'WyJPUUNBeWUxajVWY29FdUptdkJDdzRnIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'encounter', 'WyJEZEk2U0tLUnRCMUJ6VEhxdHpWeGVRIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'assessment', 'WyJ5M2NRbjVXYTd2N0Mtd1E0aTQwUmtRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'conditions', 'WyJTZW9OVVZNREF4Ry1KUVJCVmpnZVR3IiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'procedures', 'WyJIVEFKTkZtNHBLbFBGaFQtd3dhOUtnIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'author', 'WyJpOXVHZWFTTzgtNHJiY0gwc2RMa2F3IiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'medications', 'WyJGS0hwM3RGNUhLWGFoQ1F2dEs3SDlnIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'observations', 'WyJVYTNmaGdISVlqdmk2OHREN0k2bkhBIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'immunizations', 'WyJ5X2hVOFhaVGR6OWtQWEU1dEd0VzRBIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'other_sections', 'WyJwV29DZlNUaXprc25KSVg3MDJpbFRRIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'diagnostic_reports', 'WyJJSG9ySUYxU3RJUV9HVDVmOUJ1eTBBIiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'plan', 'WyJ3V0pCbnpEYkt6ZFhLQUU2aURCeWdRIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGZpbmFsKS4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'author', 'WyJKYWg1bU5fQ3JldV9MRjhvZU91dmlRIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'reason', 'WyI4UW9zQW5LV05VUGppcmRLMEQ4SlZ3IiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'history', 'WyJxT1ktMmRXOVFYLXp0Y2I1aW81cW5nIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'subject', 'WyJaT0dxZkkwTWtwTGNXSXVsNE9nc2tnIiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'signer_1', 'WyI4QndwVG9sUXBSUzFmYWF4LVhJbER3Iiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'allergies', 'WyJDc2hhSWRVcDNVQW5pWUQ2MWx1UXh3IiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'custodian', 'WyJUTWpVNVBwUVhCSDg2NlVtOEZoWkpnIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'documents', 'WyJnSzVNZXJ2VDN1SkRSMmptVTF3OU9nIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'encounter', 'WyJ2ZEE4WDdadVhLYlVyNl9TbktOZFdRIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'assessment', 'WyJFWFJHTVFic2pueWJEWG5rR3ZXVjdBIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'conditions', 'WyJJdE1rQjg3U05xdzlDMWdDclRBWjVnIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'procedures', 'WyJJRVFlX3Jzc3NYMEY0RXBQc0dQQTVRIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'medications', 'WyJ6a1ZYRzNNcnd3cl9Kd3dsckxjbVdnIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'observations', 'WyJ5c3htNTRXMlFYZkk2U0stYXRCYkF3Iiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'immunizations', 'WyJFdS1KTTY0cng4Y1Uwek42ejc0d1NBIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'other_sections', 'WyJkRmoybkVQcHp3bDRFTWNtRlN5NUNBIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'reason', 'WyJjeDRKZDdmc3Rhdk1nbTFPd3l5em9RIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'history', 'WyJkVFFXa3RESTA5SHpiSTNPbmZYWS1RIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'subject', 'WyJBQ2lkbHJWS2gya3hZQ1JWX2htZ0JRIiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'signer_1', 'WyJHRzU0dmNlLXVaekgwWkREZXRPTFJ3Iiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'allergies', 'WyJDMFREeVRYVDdBSEowMElodUhOSnNnIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'custodian', 'WyJVMFI3U3FrcmJQTEJ0UVVFZngzcFpBIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'documents', 'WyJGSkp3bVNmTEctbld0RndFcDRkYURRIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'encounter', 'WyJyOVQ1RW1Lcm5INC1nV2ZnT1hlWVBRIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'assessment', 'WyJzNl9WUUxqUVd1bG5FU3otZjdpWDNnIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'conditions', 'WyJXN0VKUEZxZ3VvMEl2YXFTekh2UWlBIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'procedures', 'WyI2aXlYVkY1aldIcGlPdUZKWjd2cURnIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'medications', 'WyJyV2dXZjRqZ3RZQTlCWFozcW1nODFnIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'observations', 'WyJITHl5R2cwT2R2R0hyQnYzbjRESW9RIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'immunizations', 'WyJhUWhadE9EV0ZMeEhlS1FVXzZ4ZWlnIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'other_sections', 'WyJrTTctNzBnYnMtdV9MaUdfVlRWVDh3Iiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'diagnostic_reports', 'WyJCUjIwWl96Wko5dng5Q0tpOHdyNWVnIiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'plan', 'WyI5SGZWajBOekFzOHU5WVN5T3Vfby1nIiwicGxhbiIsIk1vcmUgcmVzdC4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'author', 'WyJRTm16UUJzNlpfZ1hURkgyRHB3RGZBIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'reason', 'WyJ1MXVyYVVQdUJvdVRMeUNnTEhaU0dRIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'history', 'WyJlcDdRUVJaTVAtcEhQR3FGeXEtVDJRIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'subject', 'WyJrS3dxYVhsVUFfRjE5RUJOZmJrVHh3Iiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'signer_1', 'WyI3NjNxYnRoQkstN3NIbXUwdWZmUzVBIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'allergies', 'WyI1WERfc3VlS2dQUERvbHZSUlFzalVnIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'custodian', 'WyJ4UHhzNjB6azRkSi1nMTI3ekNzR0tBIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'documents', 'WyI3RV9pOHVuaERvTEh4ZHh2Q04wTFdBIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'reason', 'WyJETUpKOTl0OXhMUjFCMF8zOXg4YUJnIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'encounter', 'WyJrMzBWdkxhNEZuWmMtdXBUbjRWMHdnIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'assessment', 'WyJuYm0wYUtQVjM5aTE5OTZjN1NGSDFRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'conditions', 'WyJKTVNNVmxvUWtBQ3AyZnhYdFR6TEpnIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'procedures', 'WyJPLWhaVjBsMkFzOEhYYTRKWWRiVzJBIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'medications', 'WyI5d1N1bVA0TEpxNG0xSFJHd2czTF9BIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'observations', 'WyJiVUkwcDRPTWVWZ01SMmdSS3Azb253Iiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'immunizations', 'WyJuU29ySEpSTVNqcWpRVUZXc2R3MTZBIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'other_sections', 'WyJmaWN0X1Q0QXJLRU1fZW5fVG5haE9nIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'diagnostic_reports', 'WyJic0JsdWo2QUhSNHFpWlA0ekZKZHd3IiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'author', 'WyJseFFzSWFKaG42NWY2d1RUMkF6WXhnIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'reason', 'WyJUUlBEVTdUQTBpUmZBd2xGdGg0YkJRIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'signer_1', 'WyI0UmJBZ0xqbmtpRkUxMC1wME9adC13Iiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'allergies', 'WyJqa3FFLV8xMnVnSVJtdzlLUG5hSXBRIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'custodian', 'WyJWX0RHOEdWLTVZUzloT0t3SU5ibGhBIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'documents', 'WyI1MVkxMkNkZHlmM0tMY2JtSm0zVC1RIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'encounter', 'WyJYT0NxQXI3aHMtN2ZYQlhHYms0dThnIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'assessment', 'WyJ5SThpRm43eHRjcVNQcm1hSVY5RlN3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'conditions', 'WyJxY0NyRS1JZ0tYWFV4S25IVmZlUlJnIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'procedures', 'WyI2MnFjSFFkZG1pVUR4V1VqX3ZkdWtnIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'medications', 'WyJOZk1Ba3JwcDNaZ3ExUkc4bmtIUUZBIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'history', 'WyJZT09peWc2VGJWQk04LTBIS09ER05nIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'observations', 'WyJFbWtnMC1WRks4czczMU5YcksyeG13Iiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'immunizations', 'WyJqdXNXbWdHOUo1YU85WUwxVlpEYXFnIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'other_sections', 'WyItWWtaRVM3S2ZlS2VybU03VkRkelhRIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'diagnostic_reports', 'WyJ4cS1zd0FHTWdkMGNERWZGQWhlenl3IiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'author', 'WyJCQXROX2VZZlZlMHZ2dkVfOVFBNzJnIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'reason', 'WyIya1hNY0RGbl9VbkJZOE9sWHdYN2l3IiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'signer_1', 'WyJISXVPT084c2tMMFNndEJiaU5CZ2R3Iiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'allergies', 'WyJyU3lRVjlfeVQ2bzh5R3lZdmNPWFlnIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'custodian', 'WyJNckVGOGN3ZGtQRWlmejNRa24wT213IiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'documents', 'WyJFRmd4ME5MR3JXVXVpSC0wR0FSQmtRIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'encounter', 'WyJXM3lEeEE3TzVOelczbFozZVVYdjVBIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'assessment', 'WyItU2ZtRThBbGZwRWdtR1VuSXZtZEJ3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'conditions', 'WyJPT0NTWmdlVVlpbGR4Q1VqZ0VnQllRIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'procedures', 'WyIxWUFOdmk3RWZ3LWVoRVpEVG5FOUlRIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'medications', 'WyJpNV9hV3I2STdQM0t1UDRqYUYyX0V3IiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'observations', 'WyJoVXY5NGYwdjNFNWZaWDIxVDc3TTFBIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'immunizations', 'WyI2ZUo2VGE3ZVh3TE5NQkdKZy1fbVRBIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'other_sections', 'WyJOLWpzQjUwVzRpNE1LSjZDWHRzYWxRIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'diagnostic_reports', 'WyJEd0dnbnZMX2Y4c2lLOE5tVXFWWTBBIiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'plan', 'WyJpdk9Hb1FLSV8xbHpXZFI5eUVPWTN3IiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGVudGVyZWQtaW4tZXJyb3IpLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'author', 'WyJLMTl2Q19PQlZ2b3RQTldLQWtrNTJRIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'subject', 'WyJCaXk1SlQ5Nk9XZWY2b1l0cm9xZ2N3Iiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'signer_1', 'WyJpMUFtVkhMcjluanJRT24xT0V4SWdnIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'allergies', 'WyJqY1NMcUVHTFNDeF9MU016QWN6djF3IiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'custodian', 'WyJ0a2RRV1Jjdmt3VXlCZEYwUWNVNC1BIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'documents', 'WyJhZkFHeG5DUEotNkRYSW1qV0c2UG5BIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'encounter', 'WyItQTVmdHQ4dURxWjlLUFpyRWxsRm9nIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'assessment', 'WyI2SHgyM3I2ejUtN2xId0Zrb0hkV3BBIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'conditions', 'WyJiRTZvTGhvY1poWG1kcU5NOUgtM2lnIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'procedures', 'WyJUclVFajFnbUN6ODJKZV94bi1QSWhnIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'medications', 'WyJPN3FhNi13WVNFYkhacG1UbnNUemV3IiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'observations', 'WyI0b3RISFVCS01IU3p6M0R1ZWJ4eGd3Iiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'immunizations', 'WyJaQkpGTm9oZG00eW1VMWZad2J5MDZ3IiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'other_sections', 'WyJhU1pad2xvTEZBVEdFd2Y0aEhTQWxRIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'diagnostic_reports', 'WyJhMmpHXy1RYjRoVGptNDJMTjV6Q05nIiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 2, 'author', 'WyIzdmN6M0taVWQtYWVJbmxFT2Z6N3pnIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 2, 'subject', 'WyI1M3lOc1dxRUpGd0wySUpQR25MZHNnIiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 2, 'signer_1', 'WyJWSFhEdHRUXy1PY2xtMlY3U3pXdXNBIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1ub3J0aCJ9XQ'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 2, 'custodian', 'WyJEeHhGY0w5eE04RDBtU28xWlpseFB3IiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'diagnostic_reports', 'WyJHeW1wMkJmNHVDaFNPS1RLcFBtZWt3IiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'plan', 'WyJMdkVWS1hYSi05eW5Gdmo2cEU0ZVFBIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGF0dGVzdGVkKS4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'author', 'WyJYdWhRZy1LUDVzNURPVVAwZ1hfcjNRIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'reason', 'WyIwWUZUTGQ4TUdWMnFMcmNOaVAxeExRIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'history', 'WyJBX1ZwZnlDQWtqZFVFWGJBOVFoNGVBIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'subject', 'WyJtaDhPSWhiU2Fjb1lmbmJjRzZ1YzlRIiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'signer_1', 'WyJ4ME9zeV9ta2FlRzFEcU15cldlTVVRIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'allergies', 'WyJ3Q28wU1FKTVE1cUc5M1dDd2dINzhBIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'custodian', 'WyJKMlc1SzljR2pfXzR3MEFCY0lhQU9nIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'documents', 'WyJScFdBUEVEa3AxTzJoRjZBWXpTdzlnIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'encounter', 'WyJza21FczFvMlNxUWc5YmJiX0lhcjBnIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'assessment', 'WyI3U2pYSmcwT2pTbXFzY29zQ0JyS3dRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'conditions', 'WyJadTZSWmoxTzNIQkxyOHpHN0QyOWF3IiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'procedures', 'WyJpQmplby1LdnBtMmJ0R0xkTkZhdXFnIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'medications', 'WyJjMEdyQ3FIa05Nalp2LWhKMFlhRlJ3IiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'observations', 'WyJDV3NsR3hNeEgwdUJ2YjRRUkd3YWFBIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'immunizations', 'WyJMLU9vSWpOa0xPUFE5RGdtbndDZXBRIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'other_sections', 'WyJSdXh5QzJXR1QzVVRYekhGZDkzZ0ZRIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'diagnostic_reports', 'WyJtczlSbllzcmpUdDdXb1dWWFhyUmF3IiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'signer_2', 'WyJqRnFmU1ZtcDkxSXlrM01wN0JLenNRIiwic2lnbmVyIix7Im5hbWUiOiJQcm9mLiBLYXJsIE11c3RlciIsInJvbGUiOiJIZWFkIG9mIGRlcGFydG1lbnQiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'plan', 'WyJpNXVrc3ItcjBGaEdGZEcyQW9qQjlBIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGFtZW5kaW5nKS4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'author', 'WyItT1ptcHJPV29UUXNRem13NFVMTGNBIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'reason', 'WyJZVXFVVmRuVm54enNJaHVia3hYTEpBIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'history', 'WyJ4aUVxUzE0aUsxU0JkWmpaanlxZGpBIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'subject', 'WyJzY2NfMkpHRjZ4ZUVSNzJGWWZFdmhnIiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'signer_1', 'WyJoTWpQdEM4TEstTUFTVzlzaVFkU2pBIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'allergies', 'WyI4QXBVRDlaNGtOYnBqRmp4MUJaTFZnIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'custodian', 'WyJsV3BlLXV1cURabHBYOUtyb3BOdVFBIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'documents', 'WyJ2R3UyMndTMG01NTAyMEhpN0ZOU1pRIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'encounter', 'WyJzZzA3aXhJbW9jVy16ajMyQ3N1TnRnIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'assessment', 'WyJWbG1JZDQtQUpBOVRnMEVqaWlSRmlRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'conditions', 'WyJUUHo1bTh2elhwb3hUUFYtNndoRDBRIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'procedures', 'WyJmNjMzOUI3THBkdXZzeS0ta2ZjeDhnIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'medications', 'WyI0dUpVUFJfcXdNbFNUcGpwRzJfZHJ3IiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'observations', 'WyJrNTZsNUF2TGVqdi1CUUR0NUxlcDBBIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'immunizations', 'WyJyTVpudkM0eVdac2o3ME82RXRSR2FnIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'other_sections', 'WyJFNjlRdnVwcDgtVzRwdzdnbHd0cmJnIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'diagnostic_reports', 'WyJWanY1OTdrMnA5bGpFTmV5dTZ0Zlh3IiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'plan', 'WyIzRmp5VVdKM0I0T19nMElPd0o4WmpBIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGFtZW5kZWQpLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'author', 'WyJ1d0piN3plWjNJTHVLVlZzd1dEa0ZRIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'reason', 'WyJyMUlCNDd6UUx4ZnB3dXJUa2g2RlFnIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'history', 'WyItdWpDcWhQSVNSTkNDRmkzM0dSM2NRIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'subject', 'WyJtN3oyOXFMRXNTc25kel8wOXVwLXp3Iiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'signer_1', 'WyJleXRhc21mYkxsRlliYU5DSTF6aGlnIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'allergies', 'WyIwQTcyOGpReTl3eW5rYW9lUXEtOFVRIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'custodian', 'WyJwNjV2ejd2bVFpalBzU1FYMTB2RGhnIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'documents', 'WyJOdElscm0tbUVydndCOF9IMHNTR3hBIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'encounter', 'WyJLQ0p5RjBmNjhMMk90UU5oOHB0bUpBIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'assessment', 'WyJUWUJ4T1p5ZW4zWS1jMjJnSmxaNFZ3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'conditions', 'WyI1aU1zclhUVUhJUmJCQmYyNy14eGdnIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'procedures', 'WyJVd2tEdG95Q09Xc2dtYXl6c1llN0NRIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'medications', 'WyI0OGZ2MjhGbF9ObjNZS3NxZ25Wb29RIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'observations', 'WyJxRExkTXYxSWFveEVhaGFXUXd6V1JBIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'immunizations', 'WyJzYTk0T3pLamViSXByVWlzSUZEUFh3IiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'other_sections', 'WyJEanZyQWNqZFdtYlQzbEEzUEpWM0lBIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'diagnostic_reports', 'WyJTdDdjUHNsbEVIN2tkRlA4d01rN3h3IiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'plan', 'WyJKT1pPQm1PVDFaWVY2QlJtbFdlTUNRIiwicGxhbiIsIk1vcmUgcmVzdC4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'author', 'WyIyQWI4ekJaVEpWTG1JQWJ6Q05wLTRBIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'reason', 'WyJvYlZqSnk0VjQ5cmhDazJPMnNob2FnIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'history', 'WyJQcExvQTRhRHI5b3Y1Zk53TWE5eUd3IiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'subject', 'WyIwcEZHLVpScGNyaFR1dEtPYUR2eVNRIiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'signer_1', 'WyJocXdPOUlXNDJpb0Z0YktBblJoM193Iiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'allergies', 'WyJ0NEFZWmhCY1BFWDROaEVMYUdZVEpnIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'custodian', 'WyJmblRHeXFjN05oYVZMNnVoRkpsX2NBIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'documents', 'WyJaN1BSa2l6QmdaNTIxb3dWejZkSFh3IiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'encounter', 'WyJYbWxFTWpfMzFpdTlId3p1aUg1X0lRIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'assessment', 'WyJ3eERFOWVMN1JOb2pyczJENV9vUktnIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'conditions', 'WyJGQWpsV19rRGgyMGhraU5wOTd3N1hRIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'procedures', 'WyJQdTNqeGoxS2tLMTVzZ0ZBbkduOUFRIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'medications', 'WyJCa0hpemxlWTU4MU9aUW55OTFFN1BRIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'observations', 'WyJxV1lpVWVCZTZHSHUyR0VxUFJIMEZnIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'immunizations', 'WyJEeC1zQ2JnNjRCOEFNbmQxRndsNDdnIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'other_sections', 'WyJXd1VNODhCT3ZZbnB3eTJ5Q0F6MFlRIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'diagnostic_reports', 'WyJfT0JwOVNwQm05NUw1eEtmT1BPRHZ3IiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'author', 'WyJkbUhySTFmaWdxOGpHRVB5YzZMdjZRIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'reason', 'WyJGM0xSOXpHYTJ2OTczcklHdW9PSzdnIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'signer_1', 'WyIza1A3S05zVjA0N05XVmthVFZkMzlBIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'allergies', 'WyJxWGNjYU9tOUtqMVVpMFgyWFl3MWJnIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'custodian', 'WyIwX08zYVpPbFNEWmdHZWtJcy13WndnIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'documents', 'WyJ5OGU4ak5CWnNJczdzMW1jOXhfRmpnIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'encounter', 'WyJkRm5sM2VRZXcxRlFObEdkVVNqLWxRIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'assessment', 'WyJhYWJQSURBUkk5TkpZTWdLMEl0RWV3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'conditions', 'WyJmaExkOWxKVTBtd1VxMkNndHR3NmNBIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'procedures', 'WyI3LU84aUVTX2JEMThvaVF6LUtMUFhRIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'medications', 'WyIxY0xHU1E0RXl4Z2llX3lEUHNtNE53IiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'observations', 'WyJTdHlBcndWYW42S0pXMEp2SERHYndBIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'immunizations', 'WyIwR1I0NnFMTjR5dTZXbElOTzlTYWJRIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'other_sections', 'WyJjcEtmOWIyZVhTZzlocHZVYVVyb1NnIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'diagnostic_reports', 'WyJCWFdMb21HWUtvQ2NBaEF3OFdRa0N3IiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'author', 'WyJRVFhBRGhLSE1BdGowS0s4cHZWWGlBIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'reason', 'WyJqYmc3S2k2TWowQ2dfUkVRd2lkTmpRIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'signer_1', 'WyJyZlBGSVBQWEVVOWNpcmxkOG52QnBBIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'allergies', 'WyJWbmp1aE1RTHZjRk9QQXUta2dOeWFBIiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'custodian', 'WyJBWDQwenFiVy1DX1BUT0ZXMkR4N0hRIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'documents', 'WyJfdTFONmVUc3BiaEttcUgySWxxdEl3IiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'encounter', 'WyJUcEt3UXNEQ2E3V0FheTBEMFAwYVdnIiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'assessment', 'WyJKSmJvQjFjNE9EcE8ydjNUZFkwdnl3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'conditions', 'WyJRSzNtRzdMa05ZSTBwUktqODRjeTZ3IiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'procedures', 'WyJMQmRYaHBOOE5QS05wREQ4YkNjVzVnIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'medications', 'WyJaSTAzVmVYN1UyQ1lEektGaU9GQU5nIiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'observations', 'WyJtSEpJZUN6QUtSVjl6THdsd0dhc2Z3Iiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'immunizations', 'WyI4a3FHMDhCbDdFSU9iaF9iWkp5ZG53IiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'other_sections', 'WyJ6QVV5Nm53OS1FWC1WTWVudWUwSThnIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'diagnostic_reports', 'WyIxZzVlN3N3WDFDemR0Z00weXJxdXVBIiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'plan', 'WyJySlo4U1o2Y3VTLVhQeGhVSzJGWXNRIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGVudGVyZWQtaW4tZXJyb3IpLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'author', 'WyJnenVMaWVENEdJcUJMTmV3MW1Ma2p3IiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'reason', 'WyJLOVpYTkhYR2Y3ODVrWWp0MzRsdm13IiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'history', 'WyJrMnZCTHl2VFJfd1hmZXdBUkFrUkJRIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'subject', 'WyJtVmExM2plTC1JTUNHMm1seDFRcUxRIiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'signer_1', 'WyJEdFI1dVNpUkJFMlg0WUlGSENYSEV3Iiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'allergies', 'WyJfM2RSczhyVkZRdHJIbHYwYUFMYnB3IiwiYWxsZXJnaWVzIixbeyJjb2RlIjp7ImNvZGluZyI6W3siY29kZSI6IjkxOTM2MDA1Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJBbGxlcmd5IHRvIHBlbmljaWxsaW4ifV19LCJyZWFjdGlvbnMiOlt7InNldmVyaXR5IjoibW9kZXJhdGUiLCJtYW5pZmVzdGF0aW9ucyI6W3sidGV4dCI6IlVydGljYXJpYSJ9XX1dLCJjYXRlZ29yaWVzIjpbIm1lZGljYXRpb24iXSwiY3JpdGljYWxpdHkiOiJoaWdoIiwiY2xpbmljYWxfc3RhdHVzIjoiYWN0aXZlIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'custodian', 'WyIwZkU0ME45ekE4Rno2QzNHQlEtck5RIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'documents', 'WyI5a3dIdFdCMmYwN1ZIb1ZkSFMwV1NBIiwiZG9jdW1lbnRzIixbeyJ1cmwiOiJodHRwczovL2RvY3VtZW50cy5leGFtcGxlL2xldHRlcnMvNDcxMSIsInRpdGxlIjoiUmVmZXJyYWwgbGV0dGVyIiwic3RhdHVzIjoiY3VycmVudCIsImNvbnRlbnRfdHlwZSI6ImFwcGxpY2F0aW9uL3BkZiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'encounter', 'WyJrY3ZhcHJSMktmSDMwQVMxSFRkZTV3IiwiZW5jb3VudGVyIix7ImNsYXNzIjp7ImNvZGUiOiJBTUIiLCJzeXN0ZW0iOiJodHRwOi8vdGVybWlub2xvZ3kuaGw3Lm9yZy9Db2RlU3lzdGVtL3YzLUFjdENvZGUiLCJkaXNwbGF5IjoiYW1idWxhdG9yeSJ9LCJzdGF0dXMiOiJmaW5pc2hlZCIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlYtNDcxMSIsInN5c3RlbSI6Imh0dHBzOi8vaG9zcGl0YWwuZXhhbXBsZS9lbmNvdW50ZXJzIn1dfV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'assessment', 'WyJnc0MwVXZaQlFrVmZkOGRBTXFtZmxRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'conditions', 'WyJ1amtJSV92MmRjaEltT3p1WHJveE5RIiwiY29uZGl0aW9ucyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI0NDczMDA2Iiwic3lzdGVtIjoiaHR0cDovL3Nub21lZC5pbmZvL3NjdCIsImRpc3BsYXkiOiJNaWdyYWluZSB3aXRoIGF1cmEifV19LCJvbnNldCI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA2OjMwOjAwWiJ9LCJjbGluaWNhbF9zdGF0dXMiOiJhY3RpdmUiLCJ2ZXJpZmljYXRpb25fc3RhdHVzIjoiY29uZmlybWVkIn1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'procedures', 'WyJxcnp0X0ozSUtvTDF3NVpZcnhYRjBBIiwicHJvY2VkdXJlcyIsW3siY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiI4MDE0NjAwMiIsInN5c3RlbSI6Imh0dHA6Ly9zbm9tZWQuaW5mby9zY3QiLCJkaXNwbGF5IjoiQXBwZW5kZWN0b215In1dfSwic3RhdHVzIjoiY29tcGxldGVkIiwicGVyZm9ybWVkIjp7ImRhdGVfdGltZSI6IjE5OTgifX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'medications', 'WyJSa3o3UDY3ZndEYUs3TklnTHY0Q1l3IiwibWVkaWNhdGlvbnMiLFt7ImtpbmQiOiJyZXF1ZXN0IiwiaW50ZW50Ijoib3JkZXIiLCJzdGF0dXMiOiJhY3RpdmUiLCJkb3NhZ2VzIjpbeyJkb3NlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiJtZyIsInVuaXQiOiJtZyIsInZhbHVlIjoiNTAiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJ0ZXh0IjoiT25lIHRhYmxldCBhdCBvbnNldCwgYXQgbW9zdCB0d28gaW4gMjQgaG91cnMiLCJhc19uZWVkZWQiOnsiYm9vbGVhbiI6dHJ1ZX19XSwibWVkaWNhdGlvbiI6eyJjb2RpbmciOlt7ImNvZGUiOiIzMTMxNjAiLCJzeXN0ZW0iOiJodHRwOi8vd3d3Lm5sbS5uaWguZ292L3Jlc2VhcmNoL3VtbHMvcnhub3JtIiwiZGlzcGxheSI6IlN1bWF0cmlwdGFuIDUwIE1HIn1dfX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'observations', 'WyJoUXd0ckRhMWN5YjRhYzRFNmlmVE9RIiwib2JzZXJ2YXRpb25zIixbeyJpZCI6ImhlYXJ0LXJhdGUiLCJjb2RlIjp7InRleHQiOiJQdWxzZSIsImNvZGluZyI6W3siY29kZSI6Ijg4NjctNCIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmciLCJkaXNwbGF5IjoiSGVhcnQgcmF0ZSJ9XX0sInZhbHVlIjp7InF1YW50aXR5Ijp7ImNvZGUiOiIvbWluIiwidW5pdCI6ImJlYXRzL21pbiIsInZhbHVlIjoiNzIiLCJzeXN0ZW0iOiJodHRwOi8vdW5pdHNvZm1lYXN1cmUub3JnIn19LCJzdGF0dXMiOiJmaW5hbCIsImVmZmVjdGl2ZSI6eyJkYXRlX3RpbWUiOiIyMDI2LTAzLTAyVDA5OjA1OjAwWiJ9LCJyZWZlcmVuY2VfcmFuZ2VzIjpbeyJsb3ciOnsidmFsdWUiOiI2MCJ9LCJoaWdoIjp7InZhbHVlIjoiMTAwIn19XX1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'immunizations', 'WyJadlBUenZJdGtsd3Q5ZnhTajVhOU1nIiwiaW1tdW5pemF0aW9ucyIsW3sic3RhdHVzIjoiY29tcGxldGVkIiwib2NjdXJyZW5jZSI6eyJkYXRlX3RpbWUiOiIyMDIxLTAzIn0sInZhY2NpbmVfY29kZSI6eyJjb2RpbmciOlt7ImNvZGUiOiIyMDciLCJzeXN0ZW0iOiJodHRwOi8vaGw3Lm9yZy9maGlyL3NpZC9jdngifV19fV1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'other_sections', 'WyJQWF85M3JCTHFydGNQeHcxdFdhb2JnIiwib3RoZXJfc2VjdGlvbnMiLFt7ImNvZGUiOnsiY29kaW5nIjpbeyJjb2RlIjoiMjk3NjItMiIsInN5c3RlbSI6Imh0dHA6Ly9sb2luYy5vcmcifV19LCJ0ZXh0IjoiTGl2ZXMgd2l0aCBoZXIgc2lzdGVyLiBEb2VzIG5vdCBzbW9rZS4iLCJ0aXRsZSI6IlNvY2lhbCBoaXN0b3J5In1dXQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'diagnostic_reports', 'WyJmeWE5d09hZDZoWHFiRGNFRmhuV1RnIiwiZGlhZ25vc3RpY19yZXBvcnRzIixbeyJjb2RlIjp7InRleHQiOiJFeGFtaW5hdGlvbiJ9LCJzdGF0dXMiOiJmaW5hbCIsInJlc3VsdHMiOlsiaGVhcnQtcmF0ZSJdLCJjb25jbHVzaW9uIjoiV2l0aGluIHRoZSBub3JtYWwgbGltaXRzLiJ9XV0'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 2, 'author', 'WyJuNnhMQVdWbDlzdmJISlFESnczUXJBIiwiYXV0aG9yIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJyb2xlIjoiTmV1cm9sb2dpc3QiLCJvcmdhbml6YXRpb24iOnsibmFtZSI6IkV4YW1wbGUgSG9zcGl0YWwifX1d'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 2, 'subject', 'WyJFNEZmbV9yMmtKdmFFWF95WFhObWt3Iiwic3ViamVjdCIseyJuYW1lIjoiQWRhIEV4YW1wbGUiLCJnZW5kZXIiOiJmZW1hbGUiLCJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImlkZW50aWZpZXJzIjpbeyJ2YWx1ZSI6IlAtMTAwODIiLCJzeXN0ZW0iOiJ1cm46b2lkOjEuMi4zNi4xNDYuNTk1LjIxNy4wLjEifV19XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 2, 'signer_1', 'WyJ0cFF5TmM3WWo0YjZwd1djbndMM3RnIiwic2lnbmVyIix7Im5hbWUiOiJEci4gR3JldGUgQmVpc3BpZWwiLCJrZXlfbGFiZWwiOiJib290c3RyYXAtY2xpbmljLW9mLXRoZS1zb3V0aCJ9XQ'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 2, 'custodian', 'WyJkek5yV2JSNEMwQWREZWRaaThQTk1RIiwiY3VzdG9kaWFuIix7Im5hbWUiOiJFeGFtcGxlIEhvc3BpdGFsIn1d');


--
-- Data for Name: case_revisions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.case_revisions (tenant_id, case_id, revision, status, signed, sha256, created_at) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 'final', '{"case_id":"a492c995-2bf9-4328-a5e3-2091b5d1cb00","change_reason":null,"created_at":"2026-11-30T17:00:40.531168Z","disclosure_digests":{"allergies":"Jbb2RCkc_z8Fjaqh-XKGtdlO6aVaGHOq1oYebAed9Ns","assessment":"77TSE5lax4viWZsXM9i_iRjAMg9M8HrsfkKARb3oT40","author":"YkLenFiFZff-uEkCt-so7j5VtFJbdwEjh4OHuWvI-1A","conditions":"SHH_tgUhpeRYFUiKYClgIN_J1v6aI1UJyLNT-UKFGa4","custodian":"_NSp508vthDg6ocgDqHWFe-mBPEqFhMbRnT916xMOo8","diagnostic_reports":"g7BFuGPNbmhoItzoqO95pVkn8InBzKSsEiLEKzP7ido","documents":"y0PrEKMfP2B4YAcJqghEufGsVEibXMROkWSTdf0Sf94","encounter":"eK3IEzGEKE3g6orwJffqyalNWwGRsWRbzNks5VGR14w","history":"8LyQO3RvekHt3KjQbF9geOQmeJRuS2imu84h-0wngfo","immunizations":"tOOuaG0mm-Fj0erBDduqvrCThZEjHYJc3LukmOjHuyQ","medications":"Pz1dkYBnNDxNfPTp6hARGH5ccd1-1jrmV69mXbDw2Uk","observations":"nkbb4JMkeUXCDyhF7tA3TVy6ReJZYHt-AWKHL479MlE","other_sections":"JbZvRG6HnpMyrc-5gRv9nW_K5t03jb1mp4AyuQZPP5I","plan":"RosfnbW3R3Y_dADYCU5fnh5-3eiEzkzNiLyxozmZg-Y","procedures":"6h6D2ArI06GhpF9Zb8F0Y1TjEuoD34WHVSWtkcbeOrk","reason":"vR5-7Y-3xhqNlFys_KIdDpekPdKWH4VU6ccOiq2JEBQ","subject":"L_c9Dn-Bk221npzkOla6kilxvhOLtGNrPvOLuz3hwug"},"external_id":"final-c32beb8e","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:40.563162Z","signer":{"disclosure_digest":"95uSul4BQT4PExqcKzqHXmKPUBJZyQYBlhEfLT4TLfw","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"status":"final","tags":["upgrade","final"],"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '00531bf2b45310e44e95da8573039a9943a350ab1c22b831962e2baf716d14ed', '2026-11-30 17:00:40.563162+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 'final', '{"case_id":"fedf6b74-9356-4b78-bccd-08c2ec549b12","change_reason":null,"created_at":"2026-11-30T17:00:40.587192Z","disclosure_digests":{"allergies":"wOFJJGFnIDcBsIGnQ2uwSyDTCIg2Q9XC3TpaYROoROc","assessment":"TBh3ve56RFFaSZpudhZbumxaHcFBv_NmTtMHBeiUHkU","author":"85wAF19C5ZmQISWb226H0nMm1usp_j7Ev9SHEBs3u6s","conditions":"cJZfHg15jOZnw9At6-8TOxnJTh-63jwsog3ctG9XmoE","custodian":"A4VbH6bFsD9eFUpn1WHN_gpRaYp3rxB88X0Z4jX2gw4","diagnostic_reports":"EEqiozH5WoVd5qm7KWnWFJh3M2g6ijIf6p321NbEkp8","documents":"8HDQx7cCVehXctV2MBbIXklLZ0mIux_qS9oLqPvVoRM","encounter":"Q7Uhpxt5G0jxv75eAE_gK4RWEbOcg4DhWPaTIWlJsTM","history":"lJZfgdXVXXc-ajJYDfCA7dbCRLbWaP5gncROaqqzuJY","immunizations":"64_efrgtyh7T6UvMkD6qWJt3vGGZYEXBOwZRnFILFro","medications":"-_5q9xux7scqULPN1T56G5Mxn21HHK2NEDac0xygn-Y","observations":"h4--NveqMSq7ECAZqWQbcZSG8_hZGws2oYEysb0MAEQ","other_sections":"PaZV4JF-gvX4LtInB_4lW8a2DofWWjfpy4iJmAr-yfw","plan":"ZnTHq4vkyDYP1LmrNw1IZFmKr54Ihvv6Kf-t21Px9bE","procedures":"AVopi_3qQlIDBBz1vbkoRvGCVbizvuzwWwBu8h-jNGg","reason":"nXrqKX0MOpsFRAd2FoLMj8L0O5d_15VaqDoeGJbJ-V8","subject":"PGoPSTAGht7zxTmcjn0UVZWex6fotsJNAXC5xyNcQu4"},"external_id":"attested-c6102e0a","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:40.634939Z","signer":{"disclosure_digest":"PzCqTraJIMLtNUBm5TRpSF0PUk3NhgFIgBHYvqgpUug","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"status":"final","tags":["upgrade","attested"],"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '347b0f2007039f645d016e88b193eea0c9819860198cda44c18e61daf5ee0e82', '2026-11-30 17:00:40.634939+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 'final', '{"case_id":"671ea0cf-aff2-4702-8103-358c04090041","change_reason":null,"created_at":"2026-11-30T17:00:40.707240Z","disclosure_digests":{"allergies":"OVk93YrFRjQbOeMjZi8Kv3iV_nstIY2iQf_MjySLcOI","assessment":"4CHyBVSF-nh8mowAvOehOrqtyUSsHkyK8bLy24xAsDI","author":"8onggkYQBfbQKNZ_WQBpCpEALgNqZiDjxTDUD5tnkv0","conditions":"940d_iKKHMPBZbptPlxV4IAG3a6FMyWAgGXEiEuNbdE","custodian":"UJyHjBih88PzAsdcWMJLr1nmsOf9Y4o1Wv-YQXnDsQI","diagnostic_reports":"6UZiMKe_wPzyNOj2KnQORAlE4WS0iq9QJBUjd32JY6E","documents":"N8d_qlN42J4nPn5ZwaLUVj3zrQrm29S5LZdlYDE-MsE","encounter":"eTJgxl7ffj2mao4K-v4NldALHoyRUVa2ql1tquJeTIs","history":"Tqjkbm9uQpxmZ6yXJoJH0D2VUvQEuZxG738qcmvcGvI","immunizations":"wKmcwUNYQXD9ylm7cu1kU8n3lngTsR2O50HpaDuzsrM","medications":"P1SP8F8ZjaqsItUylqCahL7cG7RUdOt8aN2lTiEBGcE","observations":"tPEhngqrmyewYGBhrq3U2vO6UOwjbTNcoHLy565kngU","other_sections":"nSshbslEV3xvPP7FPBHceYK53Qq5G8y_k0AYMquBCJo","plan":"EpMIqPS52y6AwSyY3xKNQwtJm0pnxyAzfWQFXORCDhk","procedures":"HUtlYqnNEN31oOEV77XvyFMtp8eX7DtsCYjfoVpXD3A","reason":"ivb3_pnqTvL3B1TFsGFziuCmrWfDGIdXpNacs8lZ4Go","subject":"uu36Pubd_r609-cMj4XQoUF1DtxSvEPPoS-WdLKCOPI"},"external_id":"amending-069dd82c","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:40.759382Z","signer":{"disclosure_digest":"vNG101jGqJ7DQtjoWTTdrJJo1DKPb7hgd8wrr_2-_aU","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"status":"final","tags":["upgrade","amending"],"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '8a1d598c0c593d56fb7fe13e70ae884f1adfda0da062f44b6a527b5fcf528cbb', '2026-11-30 17:00:40.759382+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 'final', '{"case_id":"8ce1539b-d4b1-4216-8bf4-d61036de28e8","change_reason":null,"created_at":"2026-11-30T17:00:40.840113Z","disclosure_digests":{"allergies":"nmaemZynqA5MlyjQysBur6sdumD6IM5Um714zLPXHmU","assessment":"feZEKW9wLYqabWVFaRlEbyE2T1DF_3bxd0GgwLNKdmw","author":"fD3B9WcPkJpl7UpQFlC0K7yW3ZNumeisNFf-FPtZ7Pc","conditions":"APVwTNZPSjGBGSe3zSerWaJ5W0QM4aCkT1wc4WGSdIE","custodian":"2t5GzFI3ukObblCOnT4Y26y0CGdBCo56-v5MuCpyK14","diagnostic_reports":"q57EFXN7mVnxzX8O-tr9H_EIou3230akh-CC303e8To","documents":"v6oaCzRe4VcaLGbNGgPLxEkRtnkCv6o2wByh5OHQtUQ","encounter":"8M4YNEWLTmWIwYLVjJ8eNtWIeKBCvoc0kP2iUL33Dig","history":"a6-AKXN4Q9rms37pCCgVm8phEnFG_6XZDBTU2Kz0Ofk","immunizations":"cl4RLIllS9K2W1LKFN8izI6yTApBQ4q4ZEwOiArsn2k","medications":"Vcl9qQoZDYaLEjZCPWy__fi2kxtRSsXLNUx2uti4QIk","observations":"s89MB90zScH54s8GRWZL9QY3F9PaAgAl6Zw-06oIaAc","other_sections":"RqDKQ9y4j6mzgBViFoENj5ANZoJgAr9QRw1RdcTzOrU","plan":"sZE5_vYNuU1NaHcBcP5pokHe4pElCB6N3KOFNbt4k5c","procedures":"-kKDSh--5YA0Yl_REr5i3pEHIM2CDJLJcXBOPMPpK9g","reason":"bTFu2V1U1ScW-67gwlrl2qcbnhs2oKc6IXFyqQnsUSQ","subject":"1dkkNWHnTMy3eqWrMplkMFMKTvRXJDGHvpyj6_JRuFs"},"external_id":"amended-25337a2b","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:40.872979Z","signer":{"disclosure_digest":"Lyp9OZA7n7hhFWWRvYu3bUjFFV_e78qw6lm20PB1q3k","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"status":"final","tags":["upgrade","amended"],"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'd1a25380101ac1ddcb5844076bea5b820c4db2a77e641b8fb7243a1db70c06df', '2026-11-30 17:00:40.872979+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 'amended', '{"case_id":"8ce1539b-d4b1-4216-8bf4-d61036de28e8","change_reason":"The laboratory corrected a value.","created_at":"2026-11-30T17:00:40.840113Z","disclosure_digests":{"allergies":"a8VveGhojFAHSzsByfuZ24WPxZTHSiCaN38VoI-dq5k","assessment":"d9-Q2H2XCgGnCJ9LshBdUDy3iwx45by67lO_zv0ZZKA","author":"MTUOesfmTBQTdg0pMUKEwgLj5wuzImUa9QiRzUO6Lp0","conditions":"_krpaNF7fvINZYtX-6zPmHHPJM6GY9muk3ZtDeQDlMQ","custodian":"wlehQd6uvTK5_cCh9Q2y4zzh3KLXo5GNWIHqhjVerqc","diagnostic_reports":"wd6ie4l44uJRabROcf_S_jy7e1GvWvj1o_ZQKbSzFM0","documents":"XXAJiACjD4BYTrs429IikQRdz1uu5_A6g4IEhweveaY","encounter":"nPxSOUEhjVHPEAGYpkoWN4bJxRpxnCbAOY3TbLcr5g0","history":"Z6J2Nijwyr5x3mxf-kq01lY_CIuOPUcVQr0FjHDuPq0","immunizations":"pkHHtZ4KxarNcCDoApDgdU_hQQOXdQO7Y7PHpPzFfys","medications":"8RCyBcAea5goKKysekdtWw9JF0Pv4JZtrYuTUguWUlY","observations":"TqkSgI6F3RTo-KC5o4-iGLrR0dYtimqoGZ6ETgyPzlQ","other_sections":"_WuJMqiTb5zImN5IjBxDQoKv8SIR3EV_XM0X1TfQsgU","plan":"yTjm4PcnRijnfee5pC6IY0o87L-egP29eEp3KfEVqx0","procedures":"YrEDUS7LmuZdC-a3Ni4qSun-gL25gDqDsyyWfkG36kE","reason":"wEkOLjPUiD3_1TCM38h4bWg5O8p1IKi67bISWfReapI","subject":"uaAecArl-LCAuYkAq7b-e3iJlmbHKznIc34-3rj-6zo"},"external_id":"amended-25337a2b","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"d1a25380101ac1ddcb5844076bea5b820c4db2a77e641b8fb7243a1db70c06df","profile":"urn:clincore:revision:2","revision":2,"signed_at":"2026-11-30T17:00:40.920371Z","signer":{"disclosure_digest":"ZM9RiynMxMbA3Z9Wi_B0ej5NNlinz3nkR6-NqWBf1dg","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"status":"amended","tags":["upgrade","amended"],"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'cec5b139639aba77d5f3bbdf95554fa6fd10fc26cc6ec2eb98cef775f585e10f', '2026-11-30 17:00:40.920371+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 'final', '{"case_id":"96697fb7-e48c-47a5-8c49-5957e59a22f7","change_reason":null,"created_at":"2026-11-30T17:00:40.934338Z","disclosure_digests":{"allergies":"_xM40wWi2i7RWLeMvgvbNp6rs4N-r3fOUT_qOvfqqrs","assessment":"HrbBmdY1P1rj-n6jpUv6yqWN48WiFEV12IwlfRhOz6U","author":"ea4zcm6XpsoBNq1le3krnHjHdQZyGoOec5bqDUrM1zg","conditions":"1-SR4OdGa_xT4dz3j2Yvy11ezNJ_Yqye5puLV7qSRfo","custodian":"JzC56PS5NXf8xyez9AQ9iiWKdzDfsmzSJKXfPIQ1_vw","diagnostic_reports":"qBMGTjTJdOAb1sCGuGQkmAtYN8h0uLlE5abdY7X87rU","documents":"p1A00c9w_eszQAgSxB2i11MdTD3Qfd5z6VeZpaJgpO4","encounter":"IgkA96Nzpu7A6i4dSkGihPgc9jm2ztZuFIqFzYIwOtg","history":"byNjIr1_u5f4Hu_VSZyCs_5IDoT0l1JHnmaBLwhyGPY","immunizations":"9fXkfd7EfHYq2Y_wSTVi9t-ELwPD5t6SZ812weK9UPY","medications":"Nw34IlYsAAtKo3vrlZNFpranqlYvVqlCLALyyAR6YG4","observations":"78F9EaOdgbCRoOPKLNGs-f_vk3jWNPYxJ_zjRU7dmXg","other_sections":"Js7eRY3PHU-KXwEQezZzsIKTNaoUhrp8BRlloOObP-Q","plan":"9BtcwDJMzTBhaePkUHr7DVRzQsl7qpOS817VAa6nLlY","procedures":"Gb4i_izLf_F_dHZNjKqFumFvVr7EmgwvtaVo_7EI1lc","reason":"w55j7W9YGJPxW1MjIGY_qoyV7XJVIbDBf-os-L-NRlk","subject":"otKfijNKGWEfrXs65_vuKNT6ZAC8rvZRbKocY6hxHT4"},"external_id":"erased-f5230608","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:40.974484Z","signer":{"disclosure_digest":"P9mePpbplHS1JsQgqp87r_a3bZgBp4hi2K2jWQEV7Jg","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"status":"final","tags":["upgrade","erased"],"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'dfdcc7da361dbd51c6a561e4cf036b6566df87390f2bc99f5063f2933ae566ef', '2026-11-30 17:00:40.974484+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 'amended', '{"case_id":"96697fb7-e48c-47a5-8c49-5957e59a22f7","change_reason":"The laboratory corrected a value.","created_at":"2026-11-30T17:00:40.934338Z","disclosure_digests":{"allergies":"97gXRkvPcuNP3enq94lMm2kBZ3A91sxwksKn7jSQPMY","assessment":"dT7cMLz4cRi3cpXsWsEH43N1SaoC3NnC-GeXVYWp0r4","author":"be572uZZZG0tOZhTR6z1VlLSlooHa6f5d94EifKMAAM","conditions":"W2cnzARECcPBVuxXkuDLqOJ6N6SQbHy_XVUEEInnyUE","custodian":"JTV-qX4AkE1ZA4XK93ZxfDpeJ7752r6m20eIxExiSo8","diagnostic_reports":"Ki6dMM74cEMAJ1wNK91cIX0ulB5cVUbSd13tS8CD0XY","documents":"e02CVlsupcOenYyKwvZ9XIdxUAwC0AgPaE4mVsPAdIo","encounter":"wrdRmN09dloc-58aaiB0rN0glltcT88Yr3QboKWQsvU","history":"5H042RDylnh0YIKMQYMzeK_BNLNeCNiNbABdVmiz4tQ","immunizations":"oQ2bVEpTiXaLfTSRnb-EckmW8L0iU_iy6viEjcNuJpY","medications":"9EQskwD7RDQ9jTcSINORyCt2z4xSdcf2FE0I54WU_rM","observations":"HrAJ4EekccqN3qIcQsNsUzBv86Dfk9oXmHvxgxS1S7A","other_sections":"ro_SoQPNx6LfcfFC9CV6Wb6EFhxP4tLdO8V-gkox3tA","plan":"PzLvmbxVLR88FDmjcpNfNmR-XICs2s-6lMB4R-W5bSg","procedures":"gQajSoXTAiuWjyhTXpYTSueZ5XbFYRewPYAKqEGA4nU","reason":"yoO77Y4WV68p21TSL-TpM3OVsiY93OBTEYLxrwPNq4k","subject":"1K82MI7zyKL480U7ox01vS8GThenzPavyUbql0ezteU"},"external_id":"erased-f5230608","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"dfdcc7da361dbd51c6a561e4cf036b6566df87390f2bc99f5063f2933ae566ef","profile":"urn:clincore:revision:2","revision":2,"signed_at":"2026-11-30T17:00:41.021666Z","signer":{"disclosure_digest":"ES7rNdoiSbt0L_d31qBQoHIQqQZPHM0kUvot30DhC68","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"status":"amended","tags":["upgrade","erased"],"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'f8768dca71b7f4d98afb9f104955d74eec49329ad7e0703ffcd4420dda34305d', '2026-11-30 17:00:41.021666+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 'final', '{"case_id":"37b989ab-b265-4799-8130-c402bd44027a","change_reason":null,"created_at":"2026-11-30T17:00:41.037217Z","disclosure_digests":{"allergies":"ikskM_DTvbklrCgWnidRtWGhxqr23D-bjUhXTZdn608","assessment":"C34gNd15tZ3BpZlv7GhHIC7bqy4lj9PSdwefbdBXGEM","author":"peCmKsn5OlDOw25eE7WCOrL1sFQNP2YhXgtjPLXwMcs","conditions":"DJUoL2wD1bOnBXAZVHfLWCT5GcaFKUA4pujBZGT76CM","custodian":"0SIjVBakGj9Pcwk2VLGoieCxURQlFR3IwKCEC9qs1xA","diagnostic_reports":"P3ZNWpK9SaY2gmC9-Dcl6hwfHXbT7Pp8WkEXHS-hHVI","documents":"TzjpswQJ5W23JddNZiX45Ykq2QERkCekqJYNtsIljqI","encounter":"RIcSE-Yz5ih-Oe5j9JpTc0VfT8byW_L92ejTx0TVoKw","history":"KmiwJ-yCzyjkGwyE7abWvCTH9MmwEcZydo_vFHf9eMM","immunizations":"UlUsFgBfF4bUeeMH4hc9mBLy5NRctnqnIz_XoOIX9os","medications":"5m9W-CzTZIUqiK-asAqRTrE2gVpupUEW7WCgVJYcKUs","observations":"vv3PrCDpCeWl9rNyKUg3QTaBgCkEfuY-ZxBMIbkhco8","other_sections":"D0JHjxqoQa8q2wzzICEReAZ25dE2linMQBjD1vTbXfg","plan":"ES8AYCb5OAQOwg686_TR56-p0DNFx3dxEWNyBAhPsY0","procedures":"w4f8iwsciDRX-_7OnnNBEWHYETpeRS18EI93ayiV2qo","reason":"_G3lCK7tayEf-EsuytBmyURX5mncBJ5lohxIibe40u8","subject":"v3HkAOz4gA1Sc2X7AJ0ZBmkN7u4UAJ5hLTghVUnKnR0"},"external_id":"entered-in-error-f26415de","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:41.059287Z","signer":{"disclosure_digest":"WFcdD0ZGgPnE16_iic73UPf4EM_bamWEFfz6uscLfm0","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"status":"final","tags":["upgrade","entered-in-error"],"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'b0a1b063ed775c1e2a5585719633e6fcd710651c59f6b42a098f3339644d7f39', '2026-11-30 17:00:41.059287+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 2, 'entered_in_error', '{"case_id":"37b989ab-b265-4799-8130-c402bd44027a","change_reason":"The laboratory corrected a value.","created_at":"2026-11-30T17:00:41.037217Z","disclosure_digests":{"author":"ocq95bwgyM76P_7dF3unEZr5PFmAcHfTSdkE7LjNVH4","custodian":"BzX4RAO3E6fDM1q-JkGbGO8_9XIEEwnoqaY4LO88XzA","subject":"fP5G_HfAzaTgEnVGII_ZPLpM0VW-77175zupEgIVWk8"},"external_id":"entered-in-error-f26415de","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"b0a1b063ed775c1e2a5585719633e6fcd710651c59f6b42a098f3339644d7f39","profile":"urn:clincore:revision:2","revision":2,"signed_at":"2026-11-30T17:00:41.063899Z","signer":{"disclosure_digest":"BzXLh32diRC4telX_-Ex7AL7aDjNGheY9HoBymfmNpI","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"status":"entered_in_error","tags":["upgrade","entered-in-error"],"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '1633a91e3fae81916d0b517d5d7a9c81eb3c6ef3369b80859bf572f381000981', '2026-11-30 17:00:41.063899+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 'final', '{"case_id":"77b6a9a9-0765-4192-b82e-41c8dddac7a6","change_reason":null,"created_at":"2026-11-30T17:00:41.379030Z","disclosure_digests":{"allergies":"XmbQH4yDx3PtQ1R9P84ytux7r6miWGalQvRMV8OpMHU","assessment":"bg4DHR1wgkvyBjyzi-jZCkUIX_2SMBfCarOvlKIxY8Q","author":"ayswVvggcc_sNtPl_iTTvRd00FydMg_HWqzJ1KE0bTo","conditions":"z3FwWXlya_XJR7sb_51boUxQ2QVctsB3WkCaprglo9c","custodian":"O0Cb8uk-in-U5vGQCg_KveXvJxz8qHzGvPZgIc0PIvM","diagnostic_reports":"Vlzk6OgcI1Mktk7deAQsvYTX02fjfvSjwWRZ9Rb_2lI","documents":"qOfVIBw2ijBY_5YUQLH1i9nKbdLoNnwJtvH-MpeiPQE","encounter":"bm-7udG46yJzaV-mbyqfHnjo7_gUnDXFsRItlRe9vAc","history":"_mt2_pBgl7ks7sZ72JHKH1VTJ_tomPQvsm9KdDL-3WE","immunizations":"qvKHDhR8CMeMJCdWsJfzaIyh4TJDO1ero_oGAUtwdfE","medications":"2g3YYaA128WYOGu5s5KN7PrWhlJmVK9ytabQCfxCAb4","observations":"dRgs2wzeAO1VxYDtvPA_Tf_tWhFKYEsOJ99PlMATtgA","other_sections":"tr8N3xCY38cXdaAI1t_iXdRV1XMJHI_1-daa9dp4SAI","plan":"m8xkwBPT7M_Tx2w8bzth0ifDXb1r25SAojDK-m7cl60","procedures":"sowh7tbtq8itZPDmQl2CpXpYcquqMKpiHaqfZH-E_ys","reason":"7GXm85ivYnYvhs28mHwraf4H-i6TyljnONv3FRfQ1rs","subject":"A8tFKlMIj4XaQcrFFa9mUAB8sOw6ojCg6rTqFqY8UZU"},"external_id":"final-a5990d13","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:41.397137Z","signer":{"disclosure_digest":"BRn5wVLb7nj9uNt3DjAaxj8Me3pudu6oguiZLHgJVk8","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"status":"final","tags":["upgrade","final"],"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'e15e4f82743dcd61bb0a5da17a2ee09063384ec9b24e689f66dddf518a8605dd', '2026-11-30 17:00:41.397137+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 'final', '{"case_id":"14d77de4-3dd5-4ad5-a320-2d927037e34b","change_reason":null,"created_at":"2026-11-30T17:00:41.410701Z","disclosure_digests":{"allergies":"cx9SpclYZbefRSIuNIIr6KV6zXI6hK72xYrUvcLaaPk","assessment":"H_i0nK5HdGzc_9SDd5pNV4befGsFhbRGhhVQnFVIHvk","author":"9GhOM96xJKbPLf5TC7dZ1W_kcOgKuVUHnAPac6Q8J-k","conditions":"mewSwadKtkP_ndrxePx33oooWvRFWRXKzR8o7b4knfg","custodian":"ZXedVRBNJRKU-z2751LlZp42r4H26HQd13o1Ir4NC_M","diagnostic_reports":"Horg_G9avApxXDNUFU1CSfSKtLW1Erq9OEOZgSJvVRs","documents":"890Mya2o7pQOFOBeDtTPIemaLF9-k3DOobZhTsJcjFI","encounter":"f_ZASErWE-rcEt75MDd50Z4dztxM0crqg1WBTzMhowE","history":"OmQrGQyrRr3NVLphOzkylzmpI_0q2ZyzFmV18ZEv_38","immunizations":"kQTsRxZBbpNfiF9S1UUDF_6ln_E3BOJbZDZZaqBlBvA","medications":"18e0jW11lYwAE42aQqmCr6j3MSB9h-TA5O-Gs9qGelU","observations":"xkCqg4Dw7KTxh-SpAgvV8X_rSxNwxydIQ9Ozy3oKgv8","other_sections":"rK1k5ty3z5hkapV2w2y19vFkg3KrVD40btwsxRI-mxM","plan":"VpZV6RGtClg7FIajfv9F3eUU-RlKi07GZo4gbg81wuc","procedures":"FTruVJRfwWMjZXdLqgZaMI8xu22cNQVUm9iD_ajzfMA","reason":"X3Yus1kA9Xfq7F6zcwI9kkPRU3RS5GMNF2MyoR6pyCc","subject":"NeiJxsYip7A8uiMEWjNzI8MeYMPwLzfX_r9LJ4F1-Zo"},"external_id":"attested-20238571","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:41.423249Z","signer":{"disclosure_digest":"uKEdti7O--zCAwQ1yN-6tCsBYOxxgY1zIlNf9RjrFn4","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"status":"final","tags":["upgrade","attested"],"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'd42fb4b2586f8954c996dcfc4f696319e2fee62aad6c97264691bbfa264c3353', '2026-11-30 17:00:41.423249+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 'final', '{"case_id":"bb074335-271c-4a04-8b58-8e90053d7686","change_reason":null,"created_at":"2026-11-30T17:00:41.449262Z","disclosure_digests":{"allergies":"Fd20jHKwUH4qo_1pZVm3UithleU84DX-YYvlq8r3Bfg","assessment":"EemrX7cbv3Rjj08RaeYH-yKUFhclWZJMyodOwbxM740","author":"Gu9jrHP2zhS3LXU2PI-pFtZzV5GsCFZEZ7jjDfn_NA4","conditions":"syRjiXQSIU84XFNkZYnzTUieG6D4dDW7TnXSNYih66U","custodian":"L12D_JKITB--AOiF54AdDFTFMpNazNraAJis9big1ic","diagnostic_reports":"h0j2ugFR1S7Zp8KovxhX15zxMNZIbLfvqIdUdfbHe-g","documents":"9Ql_-ibC9o8DpU009DLY0Ma_iT2LV9e2jEACoS9BpVA","encounter":"d-45uxRtwcysiZNG2jPnJdjDVWwjIpflANai8Yt3xVY","history":"tL_3E7wEx5WiUF65xtfG2clUf3RNxlf--PuTw7Kftmk","immunizations":"Ry22-0OVUHcczdX_w9Uzis-qmDnIHrhUywbDNbN8chs","medications":"jkE8g8VNypb3cm7uHPkBW_yz_rFv7z1EOj8W3-Q1jps","observations":"1UqeEKb40vvx8Fcpa-qNGYfeAsjhYJYN3tnQEQpX154","other_sections":"QaB5yxHtu7BFFbRXm0euzTZM1JViujFgtkGI8wHjDvA","plan":"l8k4B_K06s2OA6yQ2YWHFc6L1C-K1ZGLCGiNk6U2yy4","procedures":"ekE66HZ_8POiliuAeZwVnkbfor_cCY2ds7Q7iqbSYPM","reason":"yoE2qIj_HU9CPSPyxBHM3CSha6z2j6NDPsL05M6PtYs","subject":"4Qf1r_o-rX-_WHXbNbd6YHtSGawW58C23Vq4jWPaNqU"},"external_id":"amending-63a44352","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:41.475726Z","signer":{"disclosure_digest":"gk2qcPs2vz3zzTGPI6dHuJkrFcHBlkEtRjbP9DINhXg","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"status":"final","tags":["upgrade","amending"],"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '2b272c30e332673e157af307245b080f307959cd49c1cdbd2af40e5d4bcbfcae', '2026-11-30 17:00:41.475726+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 'final', '{"case_id":"fdb0c3bf-896c-4cb1-abdf-07b7479fb756","change_reason":null,"created_at":"2026-11-30T17:00:41.505077Z","disclosure_digests":{"allergies":"ZDKI8tYFIApgpGzm5Gv2dWUDUsWerBQ7nz-M6Z4SCYQ","assessment":"Lh_R6b77w-KWu0RTRse7bWSfYiOippcBBbGFXV1vZBI","author":"526tetJisaOwEmlh5A78W1qSpgyX1Xcl69mjOVn5Gl8","conditions":"zAyjBt3artMylMIaTqxaQgkon10NkHkMHS-46VPv2wM","custodian":"BIwYqfk88P8zut4Q5Zol5b-fCdj00z0POvXlzEthEC0","diagnostic_reports":"UI25jLuJKJj7pWPLfzDPyGe407o3EvWZGQGZNWRfFZY","documents":"CztWhKjPWiM52B_9bpCOMlcdQsMwLokmNP0SfEcUpAY","encounter":"G7WFvRsY9zmtvAOQKD7CapJ-eOOX9aK8gSSjxOyIroE","history":"UYNzSYqlBhNjrjoQD5tlv3LhzoRD-mSDhU5pfUSma0I","immunizations":"A1wxMCElJ4Tqf9ElVgYHQG2S3NHfaEa63hgtVICL_VI","medications":"1pxVe7qW0JJIwb6IHTy2osmNux5kSA_OOls8PvFBQmo","observations":"QstWW09VfdPSq4N3V1OLFtcE0rNC9s8fag7Tt-_ffrQ","other_sections":"AThLvBVyiW8LMdW5OsW6PajsquPA1zZat7zRiwCGWpQ","plan":"2E88T9Ydn36NB6CWOyy0x2cmiC0nR55Mc1-TLoqqlk8","procedures":"__mG6Ru0xIldcvwWLQt1SNhHn43K7n7rX9bNgoLWYdY","reason":"qbdszoaSnkMxMTUeLves-26RyRTE3XlMzDf0ImFZDqU","subject":"5JvPU3anzYuSK2-wJy8fCrKq4Y3M05YDjyF1tbQAiZw"},"external_id":"amended-20c7119a","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:41.542359Z","signer":{"disclosure_digest":"GGhkPiafSss3oQ5pdc_Zn9GH9zC2ScbNriEWSGl-Qx0","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"status":"final","tags":["upgrade","amended"],"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '7d3b052a15192b267fbbab9f760bc77d7890f26a0802d7e9a4bc06cf02627ced', '2026-11-30 17:00:41.542359+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 'amended', '{"case_id":"fdb0c3bf-896c-4cb1-abdf-07b7479fb756","change_reason":"The laboratory corrected a value.","created_at":"2026-11-30T17:00:41.505077Z","disclosure_digests":{"allergies":"JxYMhQLSdF9KnHM1Fv-Hyy6OC905Q5G4Jwft2-mAgqQ","assessment":"sLRQ0zQdOTLtkjbrobJio5inK2-9M6WXaXCTkuHdkJA","author":"yfEWl4EcynerWFV6LMY4NGrN6EwW0MNhF98Vb9AJNwQ","conditions":"3eRJPV5mvCTiIysl__YpxpII5GSDZ311L-8BnCg26mA","custodian":"vvbMNM6N1TL-2VIIOivbHkhhfar1wg8Cq8WMI9MQ9Tg","diagnostic_reports":"_Zzi3tVypG9WM1ZcUPLCcYYCWb_MGVXN04gTE_Xo__k","documents":"U7tGl6qcC_KUbWUvQLHxizG5Mat8pCvpSqQyl-O7iPQ","encounter":"X2tIlGfSSGUSjM8NRzARXOhTCKPNLPWrzkFatGxUVHo","history":"LZy1nJjKoT3CdrH3a4lLbIoY65e7SDb5i-DOOOS1IAI","immunizations":"9nTVYfqJjICVhjlnZyS7motxm-qmarVipn2zKfYi1h8","medications":"ntGm0Q0W4WbvesypuZAyOEz3XRHshpRkN1d184nl0uc","observations":"J3jhl3XgEncP1CwPZVtbaEHsodLAq3T8inieoUWK2OE","other_sections":"eiRsupoKFXRAoQ_C8AuMRPn0NudN-9WYrbGBV8fAHE0","plan":"ior2G6W5K7gCNGPF1kMJHMkt_U0SjuPZignl93QW8Vs","procedures":"IHqlmctTsdjsHV0bfXybLhToLs2ir6ARfKZzOMgFrp0","reason":"7Uz2RPYJ7b6JeGHAga7FUr0CPwMnT-1qdWvKqP1g5ig","subject":"6FMxvfx-BO1c5hl-PI--pQ_l31T5HgcXWSAF2AdDcHQ"},"external_id":"amended-20c7119a","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"7d3b052a15192b267fbbab9f760bc77d7890f26a0802d7e9a4bc06cf02627ced","profile":"urn:clincore:revision:2","revision":2,"signed_at":"2026-11-30T17:00:41.590192Z","signer":{"disclosure_digest":"djpK12of7jmsz6zNIPrSoENTy_5qIzlmwry_2FFuL1o","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"status":"amended","tags":["upgrade","amended"],"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '19d3bcf94034cc121d05a4f63ca23309dc61d7afea5a3ee164bd625fca2e4d66', '2026-11-30 17:00:41.590192+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 'final', '{"case_id":"b88ab56a-b6d1-4f91-adfd-e325d2d073f9","change_reason":null,"created_at":"2026-11-30T17:00:41.599080Z","disclosure_digests":{"allergies":"b8q3OrzBEN3SFeH6qqoVb3h9LI9JCM9Elv5YLMUbc4c","assessment":"UlwwBlz7-SyL2tRLaysPVRh3HPak4gmkw5SN4U3hq-M","author":"bozvxFBK2Wg-E7jdbDJVEzjPAwWroUu0GmELjwbrItQ","conditions":"ys4QhXO0wWuucY4a83ioGdDQh2Qoajk84V4H0j7SJIo","custodian":"Fo_rDZEsq9-t_E_8rqWiwiiWfydrLqQRGAuC5KEQ98E","diagnostic_reports":"RX7okdw0qqZ82Q6ipOdSNo9S510k_lOuI8tXFw6C_rk","documents":"A95KLpqixDj52cwwqYBvVIFlo3dEmJ6Zd2-_qJpSIjw","encounter":"5bbUwPHbywiSYgeea5apjWy90BVA96vB81aVxfwXzDA","history":"XM7vBOicXsqSCsBY_vW1eczTIM4xoTBrDtIpdbb_a0g","immunizations":"UdyoZBxt6rFhEuvUG7vfInvM-Yc03C1PZAo6Wg88nYI","medications":"8g5WDHj8YbSe99Iptjvnd8GF5Er93tTASiyLSoJMKF4","observations":"NU6VGsyvA2Bc9Eaz_jnydvD8w7NImpeTJAI9CyU50t4","other_sections":"41QQq67W9uPA18cIfRamWThhG2yB0bfGCPj_6uo8Qfo","plan":"iXMfQ5fxYH12Aot7kGkOSXxk9HCMniPMUXN5QVDb6KE","procedures":"LLc-DfYeKjnDCiir3LYP5KwD3WVjLoIkSx3Dyr-agUA","reason":"bTGGsdZNEPtq7FPYa82PH5kssJtIvV8Fu7j3S7jmeBs","subject":"kv8tnJG7CXPxIGZe60JYdyu-GpBCNSHq46fPXmsU5V4"},"external_id":"erased-fb13b3fb","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:41.626389Z","signer":{"disclosure_digest":"eZ-KucR4zGwpTmW6BjwJfNDtq_n2PuNJFDZAXKIq5Tk","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"status":"final","tags":["upgrade","erased"],"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'a2729b2d56c8afb7cec42996c9e5f902d20b6b0d9531b2ecd48fbff92bfa81af', '2026-11-30 17:00:41.626389+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 'amended', '{"case_id":"b88ab56a-b6d1-4f91-adfd-e325d2d073f9","change_reason":"The laboratory corrected a value.","created_at":"2026-11-30T17:00:41.599080Z","disclosure_digests":{"allergies":"03XUBp-5syboV3zMBwM2NumBqpCQoSpqU_mcY1i1N8Y","assessment":"SRc8ScG5qb7614dOqBhIVck_K61tyVaKNex_khzw2kQ","author":"JKwBmry4M25LrkSmwaIGOkuZ37Mjvth9vLOObslF8ak","conditions":"s9k2P9Yo8sUKDk6qY6gn3A0tB7dCDVQrPGRkue2KKHo","custodian":"5fTnVc-qBPro6HBUbbqDt4MiBGLIJPhmTDnIaNizxlc","diagnostic_reports":"_8mvKWhTZyVy2jfxmxkzBSA9mFn1X3OLXv3LpBiZTF4","documents":"VwIRuNQupxxxBCX4le-ZvGPxUHburrDVLfN9VbgtRcE","encounter":"VShicDVhshWFz201WI-yIcYEKMmXPfH53aDbm61auHA","history":"qSYcuGIgFc6Np-NxKVXporG7Ln74x1rtDYFA0cElkdw","immunizations":"u1c53PO9skdHwlR1-RkEp-823PkbOCSNnGycnIznSo0","medications":"8yGRUVO52SBXn1ZCzVwVueJKI64QzjwEZfGk5EWR734","observations":"h8fNEg8KThRP1jIY2ZQXwmTjQva0ekPn2pQWNmrPeVM","other_sections":"h24O-Amo10tmuaGYnhyS4qtLauWVrRa652jPX_RhVP0","plan":"GjyoR8lCPlOg9rQ4CjowsVhqnBP2FsmRUOJ1OW5ptY0","procedures":"oipK_nvB4GHvb7YSRbGsgo5OmsJoc7AZwWTnlTi3_fk","reason":"VK6kRlsnrtOrFrxq7fvJRaQOLCbImDjvG1p8jLoM8Tg","subject":"yKsTNUmj4ckfII-LsorCKZEgqFl6lFEdj56WAwksO50"},"external_id":"erased-fb13b3fb","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"a2729b2d56c8afb7cec42996c9e5f902d20b6b0d9531b2ecd48fbff92bfa81af","profile":"urn:clincore:revision:2","revision":2,"signed_at":"2026-11-30T17:00:41.662710Z","signer":{"disclosure_digest":"XENVPGPzp3NkM85qrza5teb-P4yoA8LV7FuuDIJoJGo","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"status":"amended","tags":["upgrade","erased"],"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'f9d29d470cd55f4bd909f6103d328f1871fc59df7f73269f10056cc05fee1059', '2026-11-30 17:00:41.66271+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 'final', '{"case_id":"4bc0f8f1-44e2-4535-a830-f635a23dcfcb","change_reason":null,"created_at":"2026-11-30T17:00:41.685239Z","disclosure_digests":{"allergies":"21PT8owJvr2QcuCOqGDtY2-phx4xfqOjh98_fQ0Q2fA","assessment":"gx-0BP1ufvmB3bYAs02-D-b1iFQRxUChnM0kR4uAe4U","author":"QSPOCzHfJpZ-mvDroNPlXIVQq3nndIUHp3YOMGtC3YE","conditions":"nbr24nPFpZxXybEtDZ9mGi5mE1gIyPipdoSXe-pbnbk","custodian":"Jb6UsOmrtB5MbHbMhEeLKaUXsAKlb-XrP0QLCSFDX4g","diagnostic_reports":"NOBdQIzt0YvEZEYAPkZPMR8ZwJO7SRU4BQk7hbZEPeM","documents":"h4HRH58kHrUET5kwRJMcqvamksx4Uxd5ZKQhUOlj5rw","encounter":"81opbcbhyTUlv71IOG83Wlln_ObtGYmn25InL8uXeA8","history":"M7J5S4P__TIGH_V0wHU1DGHKUx3WvASGCbrJ6ZUnalA","immunizations":"D0euW3JHpRSxtpbbMxiAgbzmOrmboyfuSjBlSMolVp0","medications":"sge6L8tkNnKB3DpDcuLcKBBAAV5WkeENnHp9CMxbum4","observations":"HcutyXu11GYELveL9P8ABShKTecVvRbEXofbWsCSTx0","other_sections":"eEVlKjy6J5qnPGx_r5nJFAL992E8zaFg396j9WW6H8Y","plan":"GbiFHMJcGso3KTxwVmiXUWatF8_VvpEGlFBulAEmDe0","procedures":"e5WxLXV9u7FQ5ehxvODFLsCeD0QokMHnsnI3GWKf04g","reason":"gq2x4QyiI2-5k6dExgrs3mPTUtZWTnqmRt6R8KK00yE","subject":"FTCVsTbJzZlHp2iWSvh0br8bulHmrA6WpC4agaoBfNg"},"external_id":"entered-in-error-31115a5c","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:2","revision":1,"signed_at":"2026-11-30T17:00:41.711181Z","signer":{"disclosure_digest":"DYOccMu9nZrP0iVlWArDMi0hu1EQAx-MWfDxN4VhCHw","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"status":"final","tags":["upgrade","entered-in-error"],"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'a346d205a79a131b61c53a5324da02eebd6ba092d7a98b05dcca237599a9056f', '2026-11-30 17:00:41.711181+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 2, 'entered_in_error', '{"case_id":"4bc0f8f1-44e2-4535-a830-f635a23dcfcb","change_reason":"The laboratory corrected a value.","created_at":"2026-11-30T17:00:41.685239Z","disclosure_digests":{"author":"gjOO2zM2Uu5QVhqJtAa3xpDtnD2AYy6wzz-73HvxlLA","custodian":"wcpZMyA4ivr8RSXBf2T7CJW-jbBssDqgJKQek_lYIiM","subject":"rhbFFhbpcP8gw3s3KocTcTe6EDsU4VPJGmbkO4eAVv0"},"external_id":"entered-in-error-31115a5c","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"a346d205a79a131b61c53a5324da02eebd6ba092d7a98b05dcca237599a9056f","profile":"urn:clincore:revision:2","revision":2,"signed_at":"2026-11-30T17:00:41.722368Z","signer":{"disclosure_digest":"oABfKixtEOHhRz6SfqhMR8-Z6nxYRoL2usf3YHCBmec","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"status":"entered_in_error","tags":["upgrade","entered-in-error"],"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '31ff955f342274d4b2561230733577df41accf6ee688aa7253cbbe0c2f60276e', '2026-11-30 17:00:41.722368+00');


--
-- Data for Name: case_tags; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.case_tags (tenant_id, case_id, tag, created_at) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b94d8580-4a48-4cb8-aa9c-496120dc8e79', 'neurology', '2026-11-30 17:00:40.442872+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a68a04b1-f8de-43a3-b7d7-5262869e6466', 'upgrade', '2026-11-30 17:00:40.462367+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a68a04b1-f8de-43a3-b7d7-5262869e6466', 'draft', '2026-11-30 17:00:40.462367+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ef97ec1-6f23-4030-bc87-5eefc13d3ca4', 'upgrade', '2026-11-30 17:00:40.486859+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ef97ec1-6f23-4030-bc87-5eefc13d3ca4', 'cancelled', '2026-11-30 17:00:40.486859+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 'upgrade', '2026-11-30 17:00:40.531168+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 'final', '2026-11-30 17:00:40.531168+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'upgrade', '2026-11-30 17:00:40.587192+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'attested', '2026-11-30 17:00:40.587192+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 'upgrade', '2026-11-30 17:00:40.70724+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 'amending', '2026-11-30 17:00:40.70724+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'upgrade', '2026-11-30 17:00:40.840113+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'amended', '2026-11-30 17:00:40.840113+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'upgrade', '2026-11-30 17:00:40.934338+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'erased', '2026-11-30 17:00:40.934338+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 'upgrade', '2026-11-30 17:00:41.037217+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 'entered-in-error', '2026-11-30 17:00:41.037217+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b2e7c2d2-b9eb-4ee0-9c9c-d22e2e11ad9a', 'neurology', '2026-11-30 17:00:41.320454+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '78ed53d0-4345-42a4-8cde-14ae2a948f79', 'upgrade', '2026-11-30 17:00:41.330621+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '78ed53d0-4345-42a4-8cde-14ae2a948f79', 'draft', '2026-11-30 17:00:41.330621+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b3a6ca76-f0d1-4575-8a83-3bf37fb8f00f', 'upgrade', '2026-11-30 17:00:41.354361+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b3a6ca76-f0d1-4575-8a83-3bf37fb8f00f', 'cancelled', '2026-11-30 17:00:41.354361+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 'upgrade', '2026-11-30 17:00:41.37903+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 'final', '2026-11-30 17:00:41.37903+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'upgrade', '2026-11-30 17:00:41.410701+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'attested', '2026-11-30 17:00:41.410701+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 'upgrade', '2026-11-30 17:00:41.449262+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 'amending', '2026-11-30 17:00:41.449262+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'upgrade', '2026-11-30 17:00:41.505077+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'amended', '2026-11-30 17:00:41.505077+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'upgrade', '2026-11-30 17:00:41.59908+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'erased', '2026-11-30 17:00:41.59908+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'upgrade', '2026-11-30 17:00:41.685239+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'entered-in-error', '2026-11-30 17:00:41.685239+00');


--
-- Data for Name: cases; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.cases (tenant_id, id, external_id, status, version, title, content, amendment_reason, revision, type_system, type_code, subject_system, subject_value, billing_status, created_at, updated_at, created_by, finalized_at, change_seq, numbered_version, source_sha256) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ef97ec1-6f23-4030-bc87-5eefc13d3ca4', 'cancelled-73a10934', 'cancelled', 3, 'Consultation for migraine', '{"plan": "Rest, and come back (cancelled).", "tags": ["upgrade", "cancelled"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist", "organization": {"name": "Example Hospital"}}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifiers": [{"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}]}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"coding": [{"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}]}, "reactions": [{"severity": "moderate", "manifestations": [{"text": "Urticaria"}]}], "categories": ["medication"], "criticality": "high", "clinical_status": "active"}], "custodian": {"name": "Example Hospital"}, "documents": [{"url": "https://documents.example/letters/4711", "title": "Referral letter", "status": "current", "content_type": "application/pdf"}], "encounter": {"class": {"code": "AMB", "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "display": "ambulatory"}, "status": "finished", "identifiers": [{"value": "V-4711", "system": "https://hospital.example/encounters"}]}, "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"coding": [{"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}]}, "onset": {"date_time": "2026-03-02T06:30:00Z"}, "clinical_status": "active", "verification_status": "confirmed"}], "procedures": [{"code": {"coding": [{"code": "80146002", "system": "http://snomed.info/sct", "display": "Appendectomy"}]}, "status": "completed", "performed": {"date_time": "1998"}}], "medications": [{"kind": "request", "intent": "order", "status": "active", "dosages": [{"dose": {"quantity": {"code": "mg", "unit": "mg", "value": "50", "system": "http://unitsofmeasure.org"}}, "text": "One tablet at onset, at most two in 24 hours", "as_needed": {"boolean": true}}], "medication": {"coding": [{"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}]}}], "observations": [{"id": "heart-rate", "code": {"text": "Pulse", "coding": [{"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}]}, "value": {"quantity": {"code": "/min", "unit": "beats/min", "value": "72", "system": "http://unitsofmeasure.org"}}, "status": "final", "effective": {"date_time": "2026-03-02T09:05:00Z"}, "reference_ranges": [{"low": {"value": "60"}, "high": {"value": "100"}}]}], "immunizations": [{"status": "completed", "occurrence": {"date_time": "2021-03"}, "vaccine_code": {"coding": [{"code": "207", "system": "http://hl7.org/fhir/sid/cvx"}]}}], "model_version": 2, "other_sections": [{"code": {"coding": [{"code": "29762-2", "system": "http://loinc.org"}]}, "text": "Lives with her sister. Does not smoke.", "title": "Social history"}], "diagnostic_reports": [{"code": {"text": "Examination"}, "status": "final", "results": ["heart-rate"], "conclusion": "Within the normal limits."}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:40.486859+00', '2026-11-30 17:00:40.514662+00', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', NULL, 1796058040578746, 3, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 'final-c32beb8e', 'final', 3, 'Consultation for migraine', NULL, NULL, 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:40.531168+00', '2026-11-30 17:00:40.559542+00', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', '2026-11-30 17:00:40.563162+00', 1796058040578747, 3, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a68a04b1-f8de-43a3-b7d7-5262869e6466', 'draft-f26d1a08', 'draft', 2, 'Consultation for migraine', '{"plan": "Rest, and come back (draft).", "tags": ["upgrade", "draft"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist", "organization": {"name": "Example Hospital"}}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifiers": [{"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}]}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"coding": [{"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}]}, "reactions": [{"severity": "moderate", "manifestations": [{"text": "Urticaria"}]}], "categories": ["medication"], "criticality": "high", "clinical_status": "active"}], "custodian": {"name": "Example Hospital"}, "documents": [{"url": "https://documents.example/letters/4711", "title": "Referral letter", "status": "current", "content_type": "application/pdf"}], "encounter": {"class": {"code": "AMB", "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "display": "ambulatory"}, "status": "finished", "identifiers": [{"value": "V-4711", "system": "https://hospital.example/encounters"}]}, "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"coding": [{"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}]}, "onset": {"date_time": "2026-03-02T06:30:00Z"}, "clinical_status": "active", "verification_status": "confirmed"}], "procedures": [{"code": {"coding": [{"code": "80146002", "system": "http://snomed.info/sct", "display": "Appendectomy"}]}, "status": "completed", "performed": {"date_time": "1998"}}], "medications": [{"kind": "request", "intent": "order", "status": "active", "dosages": [{"dose": {"quantity": {"code": "mg", "unit": "mg", "value": "50", "system": "http://unitsofmeasure.org"}}, "text": "One tablet at onset, at most two in 24 hours", "as_needed": {"boolean": true}}], "medication": {"coding": [{"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}]}}], "observations": [{"id": "heart-rate", "code": {"text": "Pulse", "coding": [{"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}]}, "value": {"quantity": {"code": "/min", "unit": "beats/min", "value": "72", "system": "http://unitsofmeasure.org"}}, "status": "final", "effective": {"date_time": "2026-03-02T09:05:00Z"}, "reference_ranges": [{"low": {"value": "60"}, "high": {"value": "100"}}]}], "immunizations": [{"status": "completed", "occurrence": {"date_time": "2021-03"}, "vaccine_code": {"coding": [{"code": "207", "system": "http://hl7.org/fhir/sid/cvx"}]}}], "model_version": 2, "other_sections": [{"code": {"coding": [{"code": "29762-2", "system": "http://loinc.org"}]}, "text": "Lives with her sister. Does not smoke.", "title": "Social history"}], "diagnostic_reports": [{"code": {"text": "Examination"}, "status": "final", "results": ["heart-rate"], "conclusion": "Within the normal limits."}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:40.462367+00', '2026-11-30 17:00:40.474781+00', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', NULL, 1796058040578745, 2, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b94d8580-4a48-4cb8-aa9c-496120dc8e79', 'repeated', 'draft', 1, 'Consultation for migraine', '{"plan": "Sumatriptan 50 mg at onset, headache diary, review in six weeks.", "tags": ["neurology"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist", "organization": {"name": "Example Hospital"}}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifiers": [{"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}]}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"coding": [{"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}]}, "reactions": [{"severity": "moderate", "manifestations": [{"text": "Urticaria"}]}], "categories": ["medication"], "criticality": "high", "clinical_status": "active"}], "custodian": {"name": "Example Hospital"}, "documents": [{"url": "https://documents.example/letters/4711", "title": "Referral letter", "status": "current", "content_type": "application/pdf"}], "encounter": {"class": {"code": "AMB", "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "display": "ambulatory"}, "status": "finished", "identifiers": [{"value": "V-4711", "system": "https://hospital.example/encounters"}]}, "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"coding": [{"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}]}, "onset": {"date_time": "2026-03-02T06:30:00Z"}, "clinical_status": "active", "verification_status": "confirmed"}], "procedures": [{"code": {"coding": [{"code": "80146002", "system": "http://snomed.info/sct", "display": "Appendectomy"}]}, "status": "completed", "performed": {"date_time": "1998"}}], "medications": [{"kind": "request", "intent": "order", "status": "active", "dosages": [{"dose": {"quantity": {"code": "mg", "unit": "mg", "value": "50", "system": "http://unitsofmeasure.org"}}, "text": "One tablet at onset, at most two in 24 hours", "as_needed": {"boolean": true}}], "medication": {"coding": [{"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}]}}], "observations": [{"id": "heart-rate", "code": {"text": "Pulse", "coding": [{"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}]}, "value": {"quantity": {"code": "/min", "unit": "beats/min", "value": "72", "system": "http://unitsofmeasure.org"}}, "status": "final", "effective": {"date_time": "2026-03-02T09:05:00Z"}, "reference_ranges": [{"low": {"value": "60"}, "high": {"value": "100"}}]}], "immunizations": [{"status": "completed", "occurrence": {"date_time": "2021-03"}, "vaccine_code": {"coding": [{"code": "207", "system": "http://hl7.org/fhir/sid/cvx"}]}}], "model_version": 2, "other_sections": [{"code": {"coding": [{"code": "29762-2", "system": "http://loinc.org"}]}, "text": "Lives with her sister. Does not smoke.", "title": "Social history"}], "diagnostic_reports": [{"code": {"text": "Examination"}, "status": "final", "results": ["heart-rate"], "conclusion": "Within the normal limits."}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:40.442872+00', '2026-11-30 17:00:40.442872+00', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', NULL, 1796058040578744, 1, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 'amending-069dd82c', 'final', 5, 'Consultation for migraine', '{"plan": "More rest.", "tags": ["upgrade", "amending"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist", "organization": {"name": "Example Hospital"}}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifiers": [{"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}]}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"coding": [{"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}]}, "reactions": [{"severity": "moderate", "manifestations": [{"text": "Urticaria"}]}], "categories": ["medication"], "criticality": "high", "clinical_status": "active"}], "custodian": {"name": "Example Hospital"}, "documents": [{"url": "https://documents.example/letters/4711", "title": "Referral letter", "status": "current", "content_type": "application/pdf"}], "encounter": {"class": {"code": "AMB", "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "display": "ambulatory"}, "status": "finished", "identifiers": [{"value": "V-4711", "system": "https://hospital.example/encounters"}]}, "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"coding": [{"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}]}, "onset": {"date_time": "2026-03-02T06:30:00Z"}, "clinical_status": "active", "verification_status": "confirmed"}], "procedures": [{"code": {"coding": [{"code": "80146002", "system": "http://snomed.info/sct", "display": "Appendectomy"}]}, "status": "completed", "performed": {"date_time": "1998"}}], "medications": [{"kind": "request", "intent": "order", "status": "active", "dosages": [{"dose": {"quantity": {"code": "mg", "unit": "mg", "value": "50", "system": "http://unitsofmeasure.org"}}, "text": "One tablet at onset, at most two in 24 hours", "as_needed": {"boolean": true}}], "medication": {"coding": [{"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}]}}], "observations": [{"id": "heart-rate", "code": {"text": "Pulse", "coding": [{"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}]}, "value": {"quantity": {"code": "/min", "unit": "beats/min", "value": "72", "system": "http://unitsofmeasure.org"}}, "status": "final", "effective": {"date_time": "2026-03-02T09:05:00Z"}, "reference_ranges": [{"low": {"value": "60"}, "high": {"value": "100"}}]}], "immunizations": [{"status": "completed", "occurrence": {"date_time": "2021-03"}, "vaccine_code": {"coding": [{"code": "207", "system": "http://hl7.org/fhir/sid/cvx"}]}}], "model_version": 2, "other_sections": [{"code": {"coding": [{"code": "29762-2", "system": "http://loinc.org"}]}, "text": "Lives with her sister. Does not smoke.", "title": "Social history"}], "diagnostic_reports": [{"code": {"text": "Examination"}, "status": "final", "results": ["heart-rate"], "conclusion": "Within the normal limits."}]}', 'The laboratory corrected a value.', 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:40.70724+00', '2026-11-30 17:00:40.816345+00', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', '2026-11-30 17:00:40.759382+00', 1796058040847090, 5, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 'attested-c6102e0a', 'final', 3, 'Consultation for migraine', NULL, NULL, 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:40.587192+00', '2026-11-30 17:00:40.633675+00', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', '2026-11-30 17:00:40.634939+00', 1796058040847089, 3, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 'entered-in-error-f26415de', 'entered_in_error', 4, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:41.037217+00', '2026-11-30 17:00:41.063373+00', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', '2026-11-30 17:00:41.059287+00', 1796058041119001, 4, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 'amended-25337a2b', 'amended', 6, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:40.840113+00', '2026-11-30 17:00:40.918445+00', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', '2026-11-30 17:00:40.872979+00', 1796058041118999, 6, NULL),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 'erased-f5230608', 'amended', 7, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', NULL, NULL, 'free', '2026-11-30 17:00:40.934338+00', '2026-11-30 17:00:41.02668+00', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', '2026-11-30 17:00:40.974484+00', 1796058041119000, 7, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 'attested-20238571', 'final', 3, 'Consultation for migraine', NULL, NULL, 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:41.410701+00', '2026-11-30 17:00:41.422703+00', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', '2026-11-30 17:00:41.423249+00', 1796058041520292, 3, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 'final-a5990d13', 'final', 3, 'Consultation for migraine', NULL, NULL, 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:41.37903+00', '2026-11-30 17:00:41.396528+00', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', '2026-11-30 17:00:41.397137+00', 1796058041520291, 3, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', '78ed53d0-4345-42a4-8cde-14ae2a948f79', 'draft-1d17b4a5', 'draft', 2, 'Consultation for migraine', '{"plan": "Rest, and come back (draft).", "tags": ["upgrade", "draft"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist", "organization": {"name": "Example Hospital"}}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifiers": [{"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}]}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"coding": [{"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}]}, "reactions": [{"severity": "moderate", "manifestations": [{"text": "Urticaria"}]}], "categories": ["medication"], "criticality": "high", "clinical_status": "active"}], "custodian": {"name": "Example Hospital"}, "documents": [{"url": "https://documents.example/letters/4711", "title": "Referral letter", "status": "current", "content_type": "application/pdf"}], "encounter": {"class": {"code": "AMB", "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "display": "ambulatory"}, "status": "finished", "identifiers": [{"value": "V-4711", "system": "https://hospital.example/encounters"}]}, "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"coding": [{"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}]}, "onset": {"date_time": "2026-03-02T06:30:00Z"}, "clinical_status": "active", "verification_status": "confirmed"}], "procedures": [{"code": {"coding": [{"code": "80146002", "system": "http://snomed.info/sct", "display": "Appendectomy"}]}, "status": "completed", "performed": {"date_time": "1998"}}], "medications": [{"kind": "request", "intent": "order", "status": "active", "dosages": [{"dose": {"quantity": {"code": "mg", "unit": "mg", "value": "50", "system": "http://unitsofmeasure.org"}}, "text": "One tablet at onset, at most two in 24 hours", "as_needed": {"boolean": true}}], "medication": {"coding": [{"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}]}}], "observations": [{"id": "heart-rate", "code": {"text": "Pulse", "coding": [{"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}]}, "value": {"quantity": {"code": "/min", "unit": "beats/min", "value": "72", "system": "http://unitsofmeasure.org"}}, "status": "final", "effective": {"date_time": "2026-03-02T09:05:00Z"}, "reference_ranges": [{"low": {"value": "60"}, "high": {"value": "100"}}]}], "immunizations": [{"status": "completed", "occurrence": {"date_time": "2021-03"}, "vaccine_code": {"coding": [{"code": "207", "system": "http://hl7.org/fhir/sid/cvx"}]}}], "model_version": 2, "other_sections": [{"code": {"coding": [{"code": "29762-2", "system": "http://loinc.org"}]}, "text": "Lives with her sister. Does not smoke.", "title": "Social history"}], "diagnostic_reports": [{"code": {"text": "Examination"}, "status": "final", "results": ["heart-rate"], "conclusion": "Within the normal limits."}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:41.330621+00', '2026-11-30 17:00:41.346705+00', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', NULL, 1796058041520289, 2, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b2e7c2d2-b9eb-4ee0-9c9c-d22e2e11ad9a', 'repeated', 'draft', 1, 'Consultation for migraine', '{"plan": "Sumatriptan 50 mg at onset, headache diary, review in six weeks.", "tags": ["neurology"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist", "organization": {"name": "Example Hospital"}}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifiers": [{"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}]}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"coding": [{"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}]}, "reactions": [{"severity": "moderate", "manifestations": [{"text": "Urticaria"}]}], "categories": ["medication"], "criticality": "high", "clinical_status": "active"}], "custodian": {"name": "Example Hospital"}, "documents": [{"url": "https://documents.example/letters/4711", "title": "Referral letter", "status": "current", "content_type": "application/pdf"}], "encounter": {"class": {"code": "AMB", "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "display": "ambulatory"}, "status": "finished", "identifiers": [{"value": "V-4711", "system": "https://hospital.example/encounters"}]}, "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"coding": [{"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}]}, "onset": {"date_time": "2026-03-02T06:30:00Z"}, "clinical_status": "active", "verification_status": "confirmed"}], "procedures": [{"code": {"coding": [{"code": "80146002", "system": "http://snomed.info/sct", "display": "Appendectomy"}]}, "status": "completed", "performed": {"date_time": "1998"}}], "medications": [{"kind": "request", "intent": "order", "status": "active", "dosages": [{"dose": {"quantity": {"code": "mg", "unit": "mg", "value": "50", "system": "http://unitsofmeasure.org"}}, "text": "One tablet at onset, at most two in 24 hours", "as_needed": {"boolean": true}}], "medication": {"coding": [{"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}]}}], "observations": [{"id": "heart-rate", "code": {"text": "Pulse", "coding": [{"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}]}, "value": {"quantity": {"code": "/min", "unit": "beats/min", "value": "72", "system": "http://unitsofmeasure.org"}}, "status": "final", "effective": {"date_time": "2026-03-02T09:05:00Z"}, "reference_ranges": [{"low": {"value": "60"}, "high": {"value": "100"}}]}], "immunizations": [{"status": "completed", "occurrence": {"date_time": "2021-03"}, "vaccine_code": {"coding": [{"code": "207", "system": "http://hl7.org/fhir/sid/cvx"}]}}], "model_version": 2, "other_sections": [{"code": {"coding": [{"code": "29762-2", "system": "http://loinc.org"}]}, "text": "Lives with her sister. Does not smoke.", "title": "Social history"}], "diagnostic_reports": [{"code": {"text": "Examination"}, "status": "final", "results": ["heart-rate"], "conclusion": "Within the normal limits."}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:41.320454+00', '2026-11-30 17:00:41.320454+00', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', NULL, 1796058041520288, 1, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b3a6ca76-f0d1-4575-8a83-3bf37fb8f00f', 'cancelled-61a84251', 'cancelled', 3, 'Consultation for migraine', '{"plan": "Rest, and come back (cancelled).", "tags": ["upgrade", "cancelled"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist", "organization": {"name": "Example Hospital"}}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifiers": [{"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}]}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"coding": [{"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}]}, "reactions": [{"severity": "moderate", "manifestations": [{"text": "Urticaria"}]}], "categories": ["medication"], "criticality": "high", "clinical_status": "active"}], "custodian": {"name": "Example Hospital"}, "documents": [{"url": "https://documents.example/letters/4711", "title": "Referral letter", "status": "current", "content_type": "application/pdf"}], "encounter": {"class": {"code": "AMB", "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "display": "ambulatory"}, "status": "finished", "identifiers": [{"value": "V-4711", "system": "https://hospital.example/encounters"}]}, "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"coding": [{"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}]}, "onset": {"date_time": "2026-03-02T06:30:00Z"}, "clinical_status": "active", "verification_status": "confirmed"}], "procedures": [{"code": {"coding": [{"code": "80146002", "system": "http://snomed.info/sct", "display": "Appendectomy"}]}, "status": "completed", "performed": {"date_time": "1998"}}], "medications": [{"kind": "request", "intent": "order", "status": "active", "dosages": [{"dose": {"quantity": {"code": "mg", "unit": "mg", "value": "50", "system": "http://unitsofmeasure.org"}}, "text": "One tablet at onset, at most two in 24 hours", "as_needed": {"boolean": true}}], "medication": {"coding": [{"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}]}}], "observations": [{"id": "heart-rate", "code": {"text": "Pulse", "coding": [{"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}]}, "value": {"quantity": {"code": "/min", "unit": "beats/min", "value": "72", "system": "http://unitsofmeasure.org"}}, "status": "final", "effective": {"date_time": "2026-03-02T09:05:00Z"}, "reference_ranges": [{"low": {"value": "60"}, "high": {"value": "100"}}]}], "immunizations": [{"status": "completed", "occurrence": {"date_time": "2021-03"}, "vaccine_code": {"coding": [{"code": "207", "system": "http://hl7.org/fhir/sid/cvx"}]}}], "model_version": 2, "other_sections": [{"code": {"coding": [{"code": "29762-2", "system": "http://loinc.org"}]}, "text": "Lives with her sister. Does not smoke.", "title": "Social history"}], "diagnostic_reports": [{"code": {"text": "Examination"}, "status": "final", "results": ["heart-rate"], "conclusion": "Within the normal limits."}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:41.354361+00', '2026-11-30 17:00:41.373022+00', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', NULL, 1796058041520290, 3, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 'amending-63a44352', 'final', 5, 'Consultation for migraine', '{"plan": "More rest.", "tags": ["upgrade", "amending"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist", "organization": {"name": "Example Hospital"}}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifiers": [{"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}]}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"coding": [{"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}]}, "reactions": [{"severity": "moderate", "manifestations": [{"text": "Urticaria"}]}], "categories": ["medication"], "criticality": "high", "clinical_status": "active"}], "custodian": {"name": "Example Hospital"}, "documents": [{"url": "https://documents.example/letters/4711", "title": "Referral letter", "status": "current", "content_type": "application/pdf"}], "encounter": {"class": {"code": "AMB", "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "display": "ambulatory"}, "status": "finished", "identifiers": [{"value": "V-4711", "system": "https://hospital.example/encounters"}]}, "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"coding": [{"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}]}, "onset": {"date_time": "2026-03-02T06:30:00Z"}, "clinical_status": "active", "verification_status": "confirmed"}], "procedures": [{"code": {"coding": [{"code": "80146002", "system": "http://snomed.info/sct", "display": "Appendectomy"}]}, "status": "completed", "performed": {"date_time": "1998"}}], "medications": [{"kind": "request", "intent": "order", "status": "active", "dosages": [{"dose": {"quantity": {"code": "mg", "unit": "mg", "value": "50", "system": "http://unitsofmeasure.org"}}, "text": "One tablet at onset, at most two in 24 hours", "as_needed": {"boolean": true}}], "medication": {"coding": [{"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}]}}], "observations": [{"id": "heart-rate", "code": {"text": "Pulse", "coding": [{"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}]}, "value": {"quantity": {"code": "/min", "unit": "beats/min", "value": "72", "system": "http://unitsofmeasure.org"}}, "status": "final", "effective": {"date_time": "2026-03-02T09:05:00Z"}, "reference_ranges": [{"low": {"value": "60"}, "high": {"value": "100"}}]}], "immunizations": [{"status": "completed", "occurrence": {"date_time": "2021-03"}, "vaccine_code": {"coding": [{"code": "207", "system": "http://hl7.org/fhir/sid/cvx"}]}}], "model_version": 2, "other_sections": [{"code": {"coding": [{"code": "29762-2", "system": "http://loinc.org"}]}, "text": "Lives with her sister. Does not smoke.", "title": "Social history"}], "diagnostic_reports": [{"code": {"text": "Examination"}, "status": "final", "results": ["heart-rate"], "conclusion": "Within the normal limits."}]}', 'The laboratory corrected a value.', 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:41.449262+00', '2026-11-30 17:00:41.497684+00', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', '2026-11-30 17:00:41.475726+00', 1796058041520293, 5, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 'entered-in-error-31115a5c', 'entered_in_error', 4, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:41.685239+00', '2026-11-30 17:00:41.721778+00', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', '2026-11-30 17:00:41.711181+00', 1796058041787672, 4, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 'erased-fb13b3fb', 'amended', 7, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', NULL, NULL, 'free', '2026-11-30 17:00:41.59908+00', '2026-11-30 17:00:41.673695+00', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', '2026-11-30 17:00:41.626389+00', 1796058041787671, 7, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 'amended-20c7119a', 'amended', 6, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-30 17:00:41.505077+00', '2026-11-30 17:00:41.589532+00', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', '2026-11-30 17:00:41.542359+00', 1796058041787673, 6, NULL);


--
-- Data for Name: change_feeds; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.change_feeds (tenant_id, last_seq) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 1796058041119001),
	('f997d42e-11ee-443e-88a1-79f241017573', 1796058041787673);


--
-- Data for Name: idempotency_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.idempotency_keys (tenant_id, lineage_id, value_sha256, fingerprint, case_id, status, headers, body, created_at) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', '1ee54607717fec90424d8103ef837cde22d266bbdb668cb9c2224f15a3a56104', '78630d74cc605e1c51dd8df8b2d7af409611aadf1e575c24cae7878cc83fb6aa', 'b94d8580-4a48-4cb8-aa9c-496120dc8e79', 201, '{"etag": "\"1\"", "location": "/cases/b94d8580-4a48-4cb8-aa9c-496120dc8e79", "content-type": "application/json", "cache-control": "no-store"}', '{"id":"b94d8580-4a48-4cb8-aa9c-496120dc8e79","external_id":"repeated","status":"draft","version":1,"revision":null,"amendment_reason":null,"title":"Consultation for migraine","type":{"code":"11488-4","system":"http://loinc.org","display":"Consult note"},"subject":{"name":"Ada Example","gender":"female","birth_date":"1984-03-12","identifiers":[{"value":"P-10082","system":"urn:oid:1.2.36.146.595.217.0.1"}]},"author":{"name":"Dr. Grete Beispiel","role":"Neurologist","organization":{"name":"Example Hospital"}},"custodian":{"name":"Example Hospital"},"encounter":{"class":{"code":"AMB","system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","display":"ambulatory"},"status":"finished","identifiers":[{"value":"V-4711","system":"https://hospital.example/encounters"}]},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"reason":"Throbbing left-sided headache since this morning, with flickering lights before it.","history":"Two similar episodes last year.","assessment":"Migraine with aura, no red flags.","plan":"Sumatriptan 50 mg at onset, headache diary, review in six weeks.","other_sections":[{"code":{"coding":[{"code":"29762-2","system":"http://loinc.org"}]},"text":"Lives with her sister. Does not smoke.","title":"Social history"}],"conditions":[{"code":{"coding":[{"code":"4473006","system":"http://snomed.info/sct","display":"Migraine with aura"}]},"onset":{"date_time":"2026-03-02T06:30:00Z"},"clinical_status":"active","verification_status":"confirmed"}],"observations":[{"id":"heart-rate","code":{"text":"Pulse","coding":[{"code":"8867-4","system":"http://loinc.org","display":"Heart rate"}]},"value":{"quantity":{"code":"/min","unit":"beats/min","value":"72","system":"http://unitsofmeasure.org"}},"status":"final","effective":{"date_time":"2026-03-02T09:05:00Z"},"reference_ranges":[{"low":{"value":"60"},"high":{"value":"100"}}]}],"medications":[{"kind":"request","intent":"order","status":"active","dosages":[{"dose":{"quantity":{"code":"mg","unit":"mg","value":"50","system":"http://unitsofmeasure.org"}},"text":"One tablet at onset, at most two in 24 hours","as_needed":{"boolean":true}}],"medication":{"coding":[{"code":"313160","system":"http://www.nlm.nih.gov/research/umls/rxnorm","display":"Sumatriptan 50 MG"}]}}],"allergies":[{"code":{"coding":[{"code":"91936005","system":"http://snomed.info/sct","display":"Allergy to penicillin"}]},"reactions":[{"severity":"moderate","manifestations":[{"text":"Urticaria"}]}],"categories":["medication"],"criticality":"high","clinical_status":"active"}],"procedures":[{"code":{"coding":[{"code":"80146002","system":"http://snomed.info/sct","display":"Appendectomy"}]},"status":"completed","performed":{"date_time":"1998"}}],"immunizations":[{"status":"completed","occurrence":{"date_time":"2021-03"},"vaccine_code":{"coding":[{"code":"207","system":"http://hl7.org/fhir/sid/cvx"}]}}],"diagnostic_reports":[{"code":{"text":"Examination"},"status":"final","results":["heart-rate"],"conclusion":"Within the normal limits."}],"documents":[{"url":"https://documents.example/letters/4711","title":"Referral letter","status":"current","content_type":"application/pdf"}],"tags":["neurology"],"metadata":{"ward":"outpatients"},"erased":[],"created_at":"2026-11-30T17:00:40.442872Z","updated_at":"2026-11-30T17:00:40.442872Z","created_by":"f13ed7ed-7fdb-4859-be22-37109f225e9e","finalized_at":null}', '2026-11-30 17:00:40.442872+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 'ba05da712b0d5681d515d2039dfe1ff4d708d05e105b05db2f93481e635919e5', '78630d74cc605e1c51dd8df8b2d7af409611aadf1e575c24cae7878cc83fb6aa', 'b2e7c2d2-b9eb-4ee0-9c9c-d22e2e11ad9a', 201, '{"etag": "\"1\"", "location": "/cases/b2e7c2d2-b9eb-4ee0-9c9c-d22e2e11ad9a", "content-type": "application/json", "cache-control": "no-store"}', '{"id":"b2e7c2d2-b9eb-4ee0-9c9c-d22e2e11ad9a","external_id":"repeated","status":"draft","version":1,"revision":null,"amendment_reason":null,"title":"Consultation for migraine","type":{"code":"11488-4","system":"http://loinc.org","display":"Consult note"},"subject":{"name":"Ada Example","gender":"female","birth_date":"1984-03-12","identifiers":[{"value":"P-10082","system":"urn:oid:1.2.36.146.595.217.0.1"}]},"author":{"name":"Dr. Grete Beispiel","role":"Neurologist","organization":{"name":"Example Hospital"}},"custodian":{"name":"Example Hospital"},"encounter":{"class":{"code":"AMB","system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","display":"ambulatory"},"status":"finished","identifiers":[{"value":"V-4711","system":"https://hospital.example/encounters"}]},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"reason":"Throbbing left-sided headache since this morning, with flickering lights before it.","history":"Two similar episodes last year.","assessment":"Migraine with aura, no red flags.","plan":"Sumatriptan 50 mg at onset, headache diary, review in six weeks.","other_sections":[{"code":{"coding":[{"code":"29762-2","system":"http://loinc.org"}]},"text":"Lives with her sister. Does not smoke.","title":"Social history"}],"conditions":[{"code":{"coding":[{"code":"4473006","system":"http://snomed.info/sct","display":"Migraine with aura"}]},"onset":{"date_time":"2026-03-02T06:30:00Z"},"clinical_status":"active","verification_status":"confirmed"}],"observations":[{"id":"heart-rate","code":{"text":"Pulse","coding":[{"code":"8867-4","system":"http://loinc.org","display":"Heart rate"}]},"value":{"quantity":{"code":"/min","unit":"beats/min","value":"72","system":"http://unitsofmeasure.org"}},"status":"final","effective":{"date_time":"2026-03-02T09:05:00Z"},"reference_ranges":[{"low":{"value":"60"},"high":{"value":"100"}}]}],"medications":[{"kind":"request","intent":"order","status":"active","dosages":[{"dose":{"quantity":{"code":"mg","unit":"mg","value":"50","system":"http://unitsofmeasure.org"}},"text":"One tablet at onset, at most two in 24 hours","as_needed":{"boolean":true}}],"medication":{"coding":[{"code":"313160","system":"http://www.nlm.nih.gov/research/umls/rxnorm","display":"Sumatriptan 50 MG"}]}}],"allergies":[{"code":{"coding":[{"code":"91936005","system":"http://snomed.info/sct","display":"Allergy to penicillin"}]},"reactions":[{"severity":"moderate","manifestations":[{"text":"Urticaria"}]}],"categories":["medication"],"criticality":"high","clinical_status":"active"}],"procedures":[{"code":{"coding":[{"code":"80146002","system":"http://snomed.info/sct","display":"Appendectomy"}]},"status":"completed","performed":{"date_time":"1998"}}],"immunizations":[{"status":"completed","occurrence":{"date_time":"2021-03"},"vaccine_code":{"coding":[{"code":"207","system":"http://hl7.org/fhir/sid/cvx"}]}}],"diagnostic_reports":[{"code":{"text":"Examination"},"status":"final","results":["heart-rate"],"conclusion":"Within the normal limits."}],"documents":[{"url":"https://documents.example/letters/4711","title":"Referral letter","status":"current","content_type":"application/pdf"}],"tags":["neurology"],"metadata":{"ward":"outpatients"},"erased":[],"created_at":"2026-11-30T17:00:41.320454Z","updated_at":"2026-11-30T17:00:41.320454Z","created_by":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6","finalized_at":null}', '2026-11-30 17:00:41.320454+00');


--
-- Data for Name: rate_limit_counters; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.rate_limit_counters (tenant_id, lineage_id, second, leased, granted) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '117ffbc6-3510-4cde-9c0d-e2f12985d6aa', 1796058040, '{2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}', 2),
	('f997d42e-11ee-443e-88a1-79f241017573', 'd5481ee0-beb0-49cb-ba95-05bc50088a85', 1796058041, '{2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}', 2);


--
-- Data for Name: signatures; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.signatures (tenant_id, case_id, revision, number, statement, jws, created_at) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a492c995-2bf9-4328-a5e3-2091b5d1cb00', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..2dpgnnv3znKRsUP8Pk7HRDl0rciRGXN40mshbAjNqw862Ztibr-RehN2TI-rqyqrrKn7faYY4pVdWUZLFXq3BA', '2026-11-30 17:00:40.563162+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..1N8TljH_wUP4MUCTdsswAPkCsrpD6p4SWbxgLhEmcnhDSeJR1o9C-iYABurA56xm6R3DNNZbv2K1GtW-9J3rBg', '2026-11-30 17:00:40.634939+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'fedf6b74-9356-4b78-bccd-08c2ec549b12', 1, 2, '{"case_id":"fedf6b74-9356-4b78-bccd-08c2ec549b12","meaning":"review","number":2,"previous_jws_sha256":"e2d11b8caa324effb9fffc25e99bba585493cf8e25377dcc2f3d7aaf9d5dc07c","profile":"urn:clincore:attestation:2","revision":1,"revision_sha256":"347b0f2007039f645d016e88b193eea0c9819860198cda44c18e61daf5ee0e82","signed_at":"2026-11-30T17:00:40.674800Z","signer":{"disclosure_digest":"A8jUUh7E7_y493rFDhG5TAHLbFzlthpYuHYO1dYTMCI","key_id":"f13ed7ed-7fdb-4859-be22-37109f225e9e"},"tenant_id":"b32a56cc-3fba-4748-8f35-fabe12747b76"}', 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..02fgPNchee7cr2XG9o5hEbCkgt7zloC0vu9p92jjy3bxjqY0k8Z2k26bLF3nX2XsMKwEqaZz-xzDtY-gV3HwAw', '2026-11-30 17:00:40.6748+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '671ea0cf-aff2-4702-8103-358c04090041', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..wTM5yTtcBPfxlu0nzrKq9nNJvNgn-2aNVT8UP7zeUT9XMVuOrpoP2H9orbmEeMAVHJrIujOxjwYBi87V9ybVBQ', '2026-11-30 17:00:40.759382+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..fLCDtHKY4b_8MSfGJulzTOPTzX_X8i_ibTroLMmSrVzjmWdp0PzDj8-sF4IjWfQJ-hUyopmcuthECL5HohC5CQ', '2026-11-30 17:00:40.872979+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ce1539b-d4b1-4216-8bf4-d61036de28e8', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..omZH_syVl6TncqM4BddzgKP0SGlb91Gc4eu02irQiwUEEFe-Tcuogb5eWI-VINhynFQmJS9m_xmRoVwq-KXcCg', '2026-11-30 17:00:40.920371+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..cV-LSPTw6g8qn7dyF5k7hayE87Hz58a3wJ2vsr_no3n9TIdmhhGGcLOYstj61wKgEAfXrMy8TD7Ve-XvCT_-BQ', '2026-11-30 17:00:40.974484+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '96697fb7-e48c-47a5-8c49-5957e59a22f7', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..T61gKT3gV-vXXrocYZjOrsonpRio75kAt8lwMFFHlQvSBGZzOT4xQ-huYa7CXWNgW0n56JMShjcPIANm7ftPCg', '2026-11-30 17:00:41.021666+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..VD6XmnSji1rjLRyT2LtQKospTEq1jcL9I8r_FkaUwYmb1uTc-HdgUVB-lisJOXhfu2MOiBr8gYUJ1dI5lnApCw', '2026-11-30 17:00:41.059287+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '37b989ab-b265-4799-8130-c402bd44027a', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..lrufu45Ye3r-44TZhixSLn_k2mat584etZoOztYbbDzoBBiug-_Lnjr7wKaF1jbpif4Wa8wFwlTZ8KHZyvKwDQ', '2026-11-30 17:00:41.063899+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '77b6a9a9-0765-4192-b82e-41c8dddac7a6', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..WzDzbWHya4QGiDE_v39GIdntCNx8kLYUqAiHPaD9uXFSejX7iQjjXBStAqRScrIk5Bz66J8yrnxc0UDlUQT_Ag', '2026-11-30 17:00:41.397137+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..M-8pB15l9BpR7tdSdPvqXM7uLPzq1KFQj17B3tX-IkoD_r5Wd5-n1qnlbr3ToLFWTnqGZ2TSLALVzGRrdVjmCQ', '2026-11-30 17:00:41.423249+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '14d77de4-3dd5-4ad5-a320-2d927037e34b', 1, 2, '{"case_id":"14d77de4-3dd5-4ad5-a320-2d927037e34b","meaning":"review","number":2,"previous_jws_sha256":"308982fd11f9a0fdfc0e38a2897851bf88112a251b1557d08c3755e891c7b5c9","profile":"urn:clincore:attestation:2","revision":1,"revision_sha256":"d42fb4b2586f8954c996dcfc4f696319e2fee62aad6c97264691bbfa264c3353","signed_at":"2026-11-30T17:00:41.439420Z","signer":{"disclosure_digest":"ZpAteFuVi80lMFeMyZ594d4WYFfOCc5nEhBsj_qM93M","key_id":"220d0c7c-f8a2-4986-84f2-476eb0b6ecf6"},"tenant_id":"f997d42e-11ee-443e-88a1-79f241017573"}', 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..Ik9zqR6g5K-EGv-PKjoCn-LtwVKtStrrVsheCRS6hmn-loXt2UxxX7gE-YI7qSRVlKhHi2liiXApnlV1PJD8Bg', '2026-11-30 17:00:41.43942+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bb074335-271c-4a04-8b58-8e90053d7686', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..Tg-TyvJTJ5PKSENhLtvb03xKwpG4WZCqOf7FW-Gh3dDKuUoBLtt8szMft2vfPjeO3gZEQ2aXVxqQocZC2BZmAQ', '2026-11-30 17:00:41.475726+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..8VO8RF5SNpV3fD-oIQFTzUBw6DRZ2Zq_UP1fT765jKF84OY3Dmx5phRfEMUzC8zEkfVImc8uNP_XzfWT5lHJCw', '2026-11-30 17:00:41.542359+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'fdb0c3bf-896c-4cb1-abdf-07b7479fb756', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..x8X9d5XBwgxeSMdoILZ4eYltbx5M6yJXh94CYva4V84KbBZbAK5QG4x9HXimAILTdyLKsyz8PKchnaJv0E1nBg', '2026-11-30 17:00:41.590192+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..nAg3IHHH7ylYA9phEftI530QdOHeAnDo2ePFZzRHX4SmnCoCLyXtIAa54cNigSzoDVnpzuyoyZhCAWU4CzGbCw', '2026-11-30 17:00:41.626389+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b88ab56a-b6d1-4f91-adfd-e325d2d073f9', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..62VG_dOcqJbtUqqGcrg4P6oSeJm9DePTwE6LjCQawdoSmyAtmCl_rXNv5mEOpOs6yH-BPiFiwWTLlCH7e82bDA', '2026-11-30 17:00:41.66271+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..VhxME0mVZUdVomAUinaJvZsop_nl6MkZJbc8rEt-JcrXCsY9aKhvT-F8i6J7tV0CbcqoPwARl4-DLpdfjJ53CQ', '2026-11-30 17:00:41.711181+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4bc0f8f1-44e2-4535-a830-f635a23dcfcb', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoiMXpqRkxzUFBUQW5qNXNUTXVmeEpHWmNOdzFmb24tbkh2bXhzVWtmWWhHYyIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..3Ttu-zofzoCmGqlj-JSMUZlbSP7yFnCrSthPJpauZjWdAc4GYaCStdrLlMDJHO1T8QOCZragXhdoWpVHsfcfCg', '2026-11-30 17:00:41.722368+00');


--
-- Data for Name: signing_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.signing_keys (kid, jwk, created_at, retired_at, compromised_at) VALUES
	('1zjFLsPPTAnj5sTMufxJGZcNw1fon-nHvmxsUkfYhGc', '{"x": "HLO2WmoiuffzlrX5HosD6-2KS7yDc0FoX2FL4u29jvg", "alg": "Ed25519", "crv": "Ed25519", "kid": "1zjFLsPPTAnj5sTMufxJGZcNw1fon-nHvmxsUkfYhGc", "kty": "OKP", "use": "sig"}', '2026-11-30 17:00:35.772453+00', NULL, NULL);


--
-- Data for Name: tenant_names; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tenant_names (tenant_id, name) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'clinic-of-the-north'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'clinic-of-the-south');


--
-- Data for Name: tenants; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tenants (id, name, billing_status, created_at, suspended_at, deletion) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'clinic-of-the-north', NULL, '2026-11-30 17:00:40.286324+00', NULL, NULL),
	('f997d42e-11ee-443e-88a1-79f241017573', 'clinic-of-the-south', NULL, '2026-11-30 17:00:41.253939+00', NULL, NULL);


--
-- Data for Name: usage_daily; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_daily (tenant_id, day, endpoint, api_key_id, calls) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-21', '/admin/api-keys/{key_id}', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-21', '/cases/{case_id}', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 11),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/admin/api-keys', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 3),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/admin/api-keys', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/admin/api-keys/revoke/{key_id}', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/auth/api-keys/rotate', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/cases', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 9),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/cases/{case_id}/amend', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 3),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/cases/{case_id}/attest', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/cases/{case_id}/erase-subject', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/cases/{case_id}/finalize', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 8),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27', '/cases/{case_id}/void', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-21', '/admin/api-keys/{key_id}', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-21', '/cases/{case_id}', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 11),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/admin/api-keys', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/admin/api-keys', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 3),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/admin/api-keys/revoke/{key_id}', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/auth/api-keys/rotate', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/cases', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 9),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/cases/{case_id}/amend', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 3),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/cases/{case_id}/attest', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/cases/{case_id}/erase-subject', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/cases/{case_id}/finalize', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 8),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27', '/cases/{case_id}/void', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 1);


--
-- Data for Name: usage_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_events (tenant_id, id, api_key_id, method, endpoint, created_at) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '81a3139f-ffa0-482c-8603-c32c5a941fa6', '117ffbc6-3510-4cde-9c0d-e2f12985d6aa', 'GET', '/cases', '2026-11-30 17:00:40.407662+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2c283391-38e0-45f8-98c7-2eefa3470e33', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'DELETE', '/cases/{case_id}', '2026-11-30 17:00:40.510627+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '921ca666-2835-4f27-aebd-587538e2ffbd', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.067578+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '4b488c32-b3f8-4afc-9761-b8ed2282c8de', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.074675+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '6a7a3fcd-d998-4285-bf4e-b0bcf411cfcc', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.084112+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'd2445b68-eb5d-49fe-a540-e8dc4a1cb8b9', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.092319+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '68b52bd5-8fe3-47db-a361-72a08ce4823c', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.103539+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'f5c5d8d1-bb27-4886-ae43-4495457c3b85', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.110609+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '16031aa0-f707-4ddd-a540-1f5e04127b4a', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.120464+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'c460262c-7550-4dfe-b65c-5efd1357be11', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.129452+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '82fd4d77-ef08-43af-8bc0-67dfb9b82a16', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.139899+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b21b81ce-13d6-4207-878e-e1919fa28102', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.144859+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '6a3b02fa-6184-4333-b924-a974a302e0e4', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.152082+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '5909f916-5754-4ff2-b057-334c37e11cd6', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.158622+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'c8fff2ba-fa67-40d1-b2f6-b4ea8c23e603', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.167323+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '29d4d818-c13a-4b18-aca1-2937c40b8b85', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.177757+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '7d8f8378-7984-40b8-b70e-35da0c187253', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.190831+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '58223b6a-4ec6-4208-82fb-90797844cddc', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.19962+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2e647c4b-c5e5-4137-8d23-64e354113638', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.209559+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '9553a55e-03eb-4d3f-ae6b-f37584fa7218', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.218807+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'd5780418-82e2-4548-a0d0-33a06c6f1ad5', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.225898+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '778556e5-922d-4757-b293-9c0bf155d117', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.232731+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '60fb4785-a780-45ef-860b-14e0d3af42a4', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'GET', '/cases', '2026-11-30 17:00:41.245724+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '345cf356-8de7-488b-80a5-174c35616cc5', 'd5481ee0-beb0-49cb-ba95-05bc50088a85', 'GET', '/cases', '2026-11-30 17:00:41.303497+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '29b252a8-6f47-461c-b178-371250fb10f7', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 'POST', '/admin/api-keys', '2026-11-27 17:00:40.293324+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8bbbf34b-8e3e-431f-8a1e-4df2b027f08f', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 'POST', '/admin/api-keys', '2026-11-27 17:00:40.320836+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '75626f46-3e35-4bee-93fa-fb6a47d6e213', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 'POST', '/admin/api-keys', '2026-11-27 17:00:40.332577+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '6f4c0e68-93ee-4d3e-9d5a-7ac350bf977d', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 'POST', '/admin/api-keys/revoke/{key_id}', '2026-11-27 17:00:40.346001+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '8ba78d80-d95e-4487-bb4c-dff98abbe6c3', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 'POST', '/auth/api-keys/rotate', '2026-11-27 17:00:40.370664+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '97b251bf-82e8-468d-a8bd-2302303ca6ff', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/admin/api-keys', '2026-11-27 17:00:40.395878+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '9c91759d-e115-4cae-b04e-44f3ae87e8bc', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases', '2026-11-27 17:00:40.437984+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '6c2ca860-22fe-49ea-8a7a-e7f3c3f7f40d', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases', '2026-11-27 17:00:40.459872+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'd7feecc8-3159-4075-bb4d-e9618607c7e7', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases', '2026-11-27 17:00:40.480117+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'e0b9f3b8-ee3b-4f88-bc5d-2156103e5cf5', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases', '2026-11-27 17:00:40.521555+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '606acb5b-7909-4f75-857c-4484405ad52f', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:40.554835+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'd4ca578b-991e-478b-9df1-fbe9baaf166a', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases', '2026-11-27 17:00:40.580451+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '5a1e7c9f-229a-45e9-9583-a8016adcd7b1', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'DELETE', '/cases/{case_id}', '2026-11-30 17:00:41.368258+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'a1aa8d94-9ee8-49b6-aa87-f98bea66c263', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.732628+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '6d5e0b9f-b8b7-4d70-b3f7-617e67093cc4', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.750401+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '22e6008e-8a38-450c-bbfb-ca5252cfd36b', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.770343+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4e1b0427-bc2e-44b3-b548-2358d017d2cc', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.786637+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '6ef8a8c8-bba4-46c4-8c95-ada118135e7c', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.792814+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'a48987df-f5d7-4c74-b74d-2eb717c5204f', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.811989+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '2da7be91-8875-47d1-9e8e-481e6ba78a30', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.826022+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '743862f4-7cd2-4b7e-af5c-a3baaf1d2244', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.839655+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '8247387b-79a1-43dc-813b-74797b2571aa', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.846238+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '3f6bc06a-acc8-47d7-b2e3-b906fe03a6fa', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.858064+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '503da424-08c5-4078-bf47-9082640871e1', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.868672+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '32cc55ae-2067-4e83-808b-0e6dd39bc39b', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.886492+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'c9fc05fd-039c-4e20-96df-f0f1095be38c', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.891621+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '3e1300fb-7ed7-4e19-a2e3-6e653c9a69ef', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.899978+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '2107e733-1fcc-4774-920e-54687fd856cd', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.908136+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '30582324-c139-472b-b673-7984238d57ca', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.915859+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'd54ee49f-a92b-4b35-a9af-cf2b9d81c56b', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.919278+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'd33e404c-d2b7-4612-9bbc-4433419a7ade', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}', '2026-11-30 17:00:41.93193+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '7189b4cf-efe0-4ed7-8ea3-1f6a7cee9a51', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions', '2026-11-30 17:00:41.938546+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '413695fd-6c98-460e-81cd-0d4685f8fe5c', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-30 17:00:41.951379+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '27bafbb7-4d33-4f5b-b765-65193cc88693', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'GET', '/cases', '2026-11-30 17:00:41.970557+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'eea39f8c-eeca-418b-869d-f3c1d3f172d4', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases', '2026-11-27 17:00:41.326069+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'bc1e9c73-5d16-4c44-83dc-602b9381a968', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases', '2026-11-27 17:00:41.351802+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '262fcfc1-b973-458b-a8d8-91cfa50d9a92', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases', '2026-11-27 17:00:41.376278+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '7995cf27-8d64-4cf7-b7a5-5bd9d7f7a36e', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.391964+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '75b4ba15-1a92-48a3-be10-f0923b21361f', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases', '2026-11-27 17:00:41.407415+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '39421dea-4822-4367-a408-391beea0a556', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.419719+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'a5c15945-9a9c-4546-ba2e-857674b7070e', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/attest', '2026-11-27 17:00:41.426372+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '6c25d3d2-2d7e-402a-bb0b-ef6262bd63d8', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases', '2026-11-27 17:00:41.447828+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '59e807b3-e4b1-4b60-ae35-8973dde46154', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.465598+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '1834f24d-ee03-4d88-9c66-fcf65b3e6812', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/amend', '2026-11-27 17:00:41.483773+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b8749fd0-f14a-4122-914b-44d3ba1e5c8f', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:40.627278+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '9d49977c-2702-4c5d-b8eb-6e1cc281740d', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/attest', '2026-11-27 17:00:40.658144+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b35d0594-6251-4327-82d6-d60b1a091344', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases', '2026-11-27 17:00:40.694236+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '6dc5ab01-4603-4169-a695-37d44d792700', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:40.746762+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'edf96707-c1e1-4708-9ea9-0fcce37290d8', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/amend', '2026-11-27 17:00:40.775999+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '0b5dd3a6-c47c-4863-9184-f7bcf57bdc1a', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases', '2026-11-27 17:00:40.827307+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'e20ec90e-db20-4e4d-9be4-f47b0c991a9d', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:40.868322+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'f45cede5-2f6a-4cbe-ba1a-a84f1d63331a', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/amend', '2026-11-27 17:00:40.879549+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '9ff77526-0c9d-41b1-a992-44b7d6dfab7e', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:40.916349+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '5da13ef2-6bcd-492d-a295-b0b90265910e', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases', '2026-11-27 17:00:40.925283+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '106f792b-bd8f-47b6-8ef3-8a1002ea9df6', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:40.969084+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'c343a4b0-c9fb-4c9f-8711-1971cd79c9e0', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/amend', '2026-11-27 17:00:40.983937+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'a0dd7e65-ca52-4720-9b1c-e0286410408e', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.016037+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '0dab0bfb-be09-47d1-9729-6fdafa54f8f6', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/erase-subject', '2026-11-27 17:00:41.025825+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'b1ddd79d-e4ce-46e8-9dea-f9133a2a78a4', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases', '2026-11-27 17:00:41.03577+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', 'ce8387b3-e8f4-43bf-a910-708f8939f04c', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.053778+00'),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '83706a77-78cd-40dd-8088-2596e474e381', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 'POST', '/cases/{case_id}/void', '2026-11-27 17:00:41.062472+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '62e8019f-1446-48fb-883c-aafa5016570b', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 'POST', '/admin/api-keys', '2026-11-27 17:00:41.258783+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '4857ac5f-1c9a-4dee-b514-f0a5b207025b', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 'POST', '/admin/api-keys', '2026-11-27 17:00:41.267495+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'b5673d49-655e-4e9c-9252-2977a830b082', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 'POST', '/admin/api-keys', '2026-11-27 17:00:41.270839+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '30d0bf3c-94fe-49ad-859f-e68c6dc3073a', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 'POST', '/admin/api-keys/revoke/{key_id}', '2026-11-27 17:00:41.275497+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'ce6c82f1-beb8-48dd-acf8-d51c640052de', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 'POST', '/auth/api-keys/rotate', '2026-11-27 17:00:41.287551+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'a9b419eb-1030-4bdc-945d-3eb7773a74eb', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/admin/api-keys', '2026-11-27 17:00:41.295721+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'e1b35538-9403-46e8-b9ae-d8f101503712', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases', '2026-11-27 17:00:41.315882+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '52a7b45e-2369-4186-8e62-5fd81d5ccd21', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases', '2026-11-27 17:00:41.503714+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '7b4491bb-6e75-4d1b-aa81-92d8be543cb0', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.538129+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '55cd6b8e-4f0b-4534-b919-5499f1765151', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/amend', '2026-11-27 17:00:41.551877+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '946ab2d9-7e0d-4b7f-a96d-2db31651cc82', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.588306+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'e10f8cf7-6779-415a-b65e-d2a84205bd26', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases', '2026-11-27 17:00:41.596404+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '41ccf9ce-7eab-47e1-9aec-bcb234b4721e', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.617266+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'd1b2fc94-1ccf-466d-bea9-e0f12a7f22ae', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/amend', '2026-11-27 17:00:41.63472+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'e2e5dd27-2b98-4537-a5fd-6be76596c63e', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.655105+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '5fc63baa-d160-4671-8253-1f5071b5f752', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/erase-subject', '2026-11-27 17:00:41.667799+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'e91ed518-21ec-413e-a716-72763bad8aa4', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases', '2026-11-27 17:00:41.67974+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', '41b52434-ddb7-4d7c-bc31-9bed971b2490', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/finalize', '2026-11-27 17:00:41.703687+00'),
	('f997d42e-11ee-443e-88a1-79f241017573', 'edea0b10-a9ef-4815-a573-3f9527d3d907', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 'POST', '/cases/{case_id}/void', '2026-11-27 17:00:41.715865+00');


--
-- Data for Name: usage_hourly; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_hourly (tenant_id, hour, endpoint, api_key_id, calls) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/admin/api-keys', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 3),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/admin/api-keys', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/admin/api-keys/revoke/{key_id}', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/auth/api-keys/rotate', 'b0b7a9c2-585c-49b6-8f49-7b00c0f5510e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/cases', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 9),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/cases/{case_id}/amend', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 3),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/cases/{case_id}/attest', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/cases/{case_id}/erase-subject', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 1),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/cases/{case_id}/finalize', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 8),
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-27 17:00:00+00', '/cases/{case_id}/void', 'f13ed7ed-7fdb-4859-be22-37109f225e9e', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/admin/api-keys', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/admin/api-keys', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 3),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/admin/api-keys/revoke/{key_id}', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/auth/api-keys/rotate', '276ce1ad-2dbc-4647-a8b3-4c48beb31349', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/cases', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 9),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/cases/{case_id}/amend', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 3),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/cases/{case_id}/attest', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/cases/{case_id}/erase-subject', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 1),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/cases/{case_id}/finalize', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 8),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-27 17:00:00+00', '/cases/{case_id}/void', '220d0c7c-f8a2-4986-84f2-476eb0b6ecf6', 1);


--
-- Data for Name: usage_outcomes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_outcomes (tenant_id, hour, outcome, calls) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-30 17:00:00+00', '2xx', 64),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-30 17:00:00+00', '2xx', 64);


--
-- Data for Name: usage_watermarks; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_watermarks (tenant_id, closed_before, pruned_before, pruned_calls) VALUES
	('b32a56cc-3fba-4748-8f35-fabe12747b76', '2026-11-28 17:00:00+00', '2026-11-22', 12),
	('f997d42e-11ee-443e-88a1-79f241017573', '2026-11-28 17:00:00+00', '2026-11-22', 12);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: access_log pk_access_log; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.access_log
    ADD CONSTRAINT pk_access_log PRIMARY KEY (tenant_id, created_at, id);


--
-- Name: api_keys pk_api_keys; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT pk_api_keys PRIMARY KEY (tenant_id, id);


--
-- Name: case_disclosures pk_case_disclosures; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.case_disclosures
    ADD CONSTRAINT pk_case_disclosures PRIMARY KEY (tenant_id, case_id, revision, name);


--
-- Name: case_revisions pk_case_revisions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.case_revisions
    ADD CONSTRAINT pk_case_revisions PRIMARY KEY (tenant_id, case_id, revision);


--
-- Name: case_tags pk_case_tags; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.case_tags
    ADD CONSTRAINT pk_case_tags PRIMARY KEY (tenant_id, case_id, tag);


--
-- Name: cases pk_cases; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT pk_cases PRIMARY KEY (tenant_id, id);


--
-- Name: change_feeds pk_change_feeds; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change_feeds
    ADD CONSTRAINT pk_change_feeds PRIMARY KEY (tenant_id);


--
-- Name: idempotency_keys pk_idempotency_keys; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT pk_idempotency_keys PRIMARY KEY (tenant_id, lineage_id, value_sha256);


--
-- Name: rate_limit_counters pk_rate_limit_counters; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.rate_limit_counters
    ADD CONSTRAINT pk_rate_limit_counters PRIMARY KEY (tenant_id, lineage_id);


--
-- Name: signatures pk_signatures; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT pk_signatures PRIMARY KEY (tenant_id, case_id, revision, number);


--
-- Name: signing_keys pk_signing_keys; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT pk_signing_keys PRIMARY KEY (kid);


--
-- Name: tenant_names pk_tenant_names; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenant_names
    ADD CONSTRAINT pk_tenant_names PRIMARY KEY (tenant_id, name);


--
-- Name: tenants pk_tenants; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT pk_tenants PRIMARY KEY (id);


--
-- Name: usage_daily pk_usage_daily; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_daily
    ADD CONSTRAINT pk_usage_daily PRIMARY KEY (tenant_id, day, endpoint, api_key_id);


--
-- Name: usage_events pk_usage_events; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_events
    ADD CONSTRAINT pk_usage_events PRIMARY KEY (tenant_id, id);


--
-- Name: usage_hourly pk_usage_hourly; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_hourly
    ADD CONSTRAINT pk_usage_hourly PRIMARY KEY (tenant_id, hour, endpoint, api_key_id);


--
-- Name: usage_outcomes pk_usage_outcomes; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_outcomes
    ADD CONSTRAINT pk_usage_outcomes PRIMARY KEY (tenant_id, hour, outcome);


--
-- Name: usage_watermarks pk_usage_watermarks; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_watermarks
    ADD CONSTRAINT pk_usage_watermarks PRIMARY KEY (tenant_id);


--
-- Name: api_keys uq_api_keys_tenant_id_key_hash; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT uq_api_keys_tenant_id_key_hash UNIQUE (tenant_id, key_hash);


--
-- Name: tenant_names uq_tenant_names_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenant_names
    ADD CONSTRAINT uq_tenant_names_name UNIQUE (name);


--
-- Name: ix_access_log_tenant_id_case_id_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_access_log_tenant_id_case_id_created_at_id ON public.access_log USING btree (tenant_id, case_id, created_at, id);


--
-- Name: ix_access_log_tenant_id_key_id_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_access_log_tenant_id_key_id_created_at_id ON public.access_log USING btree (tenant_id, key_id, created_at, id);


--
-- Name: ix_api_keys_tenant_id_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_api_keys_tenant_id_created_at_id ON public.api_keys USING btree (tenant_id, created_at, id);


--
-- Name: ix_case_tags_tenant_id_tag_created_at_case_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_case_tags_tenant_id_tag_created_at_case_id ON public.case_tags USING btree (tenant_id, tag, created_at, case_id);


--
-- Name: ix_cases_tenant_id_change_seq; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX ix_cases_tenant_id_change_seq ON public.cases USING btree (tenant_id, change_seq) WHERE (change_seq IS NOT NULL);


--
-- Name: ix_cases_tenant_id_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_created_at_id ON public.cases USING btree (tenant_id, created_at, id);


--
-- Name: ix_cases_tenant_id_external_id_ended; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_external_id_ended ON public.cases USING btree (tenant_id, external_id) WHERE (status = ANY (ARRAY['cancelled'::text, 'entered_in_error'::text]));


--
-- Name: ix_cases_tenant_id_external_id_living; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX ix_cases_tenant_id_external_id_living ON public.cases USING btree (tenant_id, external_id) WHERE (status <> ALL (ARRAY['cancelled'::text, 'entered_in_error'::text]));


--
-- Name: ix_cases_tenant_id_paid; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_paid ON public.cases USING btree (tenant_id) WHERE (billing_status = 'paid'::text);


--
-- Name: ix_cases_tenant_id_source_sha256_living; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX ix_cases_tenant_id_source_sha256_living ON public.cases USING btree (tenant_id, source_sha256) WHERE ((source_sha256 IS NOT NULL) AND (status <> ALL (ARRAY['cancelled'::text, 'entered_in_error'::text])));


--
-- Name: ix_cases_tenant_id_subject_value_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_subject_value_created_at_id ON public.cases USING btree (tenant_id, subject_value, created_at, id);


--
-- Name: ix_cases_tenant_id_type_code_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_type_code_created_at_id ON public.cases USING btree (tenant_id, type_code, created_at, id);


--
-- Name: ix_cases_tenant_id_unnumbered; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_unnumbered ON public.cases USING btree (tenant_id) WHERE (numbered_version IS DISTINCT FROM version);


--
-- Name: ix_cases_tenant_id_updated_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_updated_at ON public.cases USING btree (tenant_id, updated_at);


--
-- Name: ix_idempotency_keys_tenant_id_case_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_idempotency_keys_tenant_id_case_id ON public.idempotency_keys USING btree (tenant_id, case_id);


--
-- Name: ix_idempotency_keys_tenant_id_created_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_idempotency_keys_tenant_id_created_at ON public.idempotency_keys USING btree (tenant_id, created_at);


--
-- Name: ix_usage_events_tenant_id_api_key_id_created_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_usage_events_tenant_id_api_key_id_created_at ON public.usage_events USING btree (tenant_id, api_key_id, created_at);


--
-- Name: ix_usage_events_tenant_id_created_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_usage_events_tenant_id_created_at ON public.usage_events USING btree (tenant_id, created_at);


--
-- Name: api_keys fk_api_keys_tenant_id_tenants; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT fk_api_keys_tenant_id_tenants FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: case_disclosures fk_case_disclosures_tenant_id_case_id_revision_case_revisions; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.case_disclosures
    ADD CONSTRAINT fk_case_disclosures_tenant_id_case_id_revision_case_revisions FOREIGN KEY (tenant_id, case_id, revision) REFERENCES public.case_revisions(tenant_id, case_id, revision);


--
-- Name: case_revisions fk_case_revisions_tenant_id_case_id_cases; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.case_revisions
    ADD CONSTRAINT fk_case_revisions_tenant_id_case_id_cases FOREIGN KEY (tenant_id, case_id) REFERENCES public.cases(tenant_id, id);


--
-- Name: case_tags fk_case_tags_tenant_id_case_id_cases; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.case_tags
    ADD CONSTRAINT fk_case_tags_tenant_id_case_id_cases FOREIGN KEY (tenant_id, case_id) REFERENCES public.cases(tenant_id, id);


--
-- Name: cases fk_cases_tenant_id_created_by_api_keys; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT fk_cases_tenant_id_created_by_api_keys FOREIGN KEY (tenant_id, created_by) REFERENCES public.api_keys(tenant_id, id);


--
-- Name: cases fk_cases_tenant_id_tenants; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT fk_cases_tenant_id_tenants FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: change_feeds fk_change_feeds_tenant_id_tenants; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change_feeds
    ADD CONSTRAINT fk_change_feeds_tenant_id_tenants FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: rate_limit_counters fk_rate_limit_counters_tenant_id_lineage_id_api_keys; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.rate_limit_counters
    ADD CONSTRAINT fk_rate_limit_counters_tenant_id_lineage_id_api_keys FOREIGN KEY (tenant_id, lineage_id) REFERENCES public.api_keys(tenant_id, id);


--
-- Name: signatures fk_signatures_tenant_id_case_id_revision_case_revisions; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT fk_signatures_tenant_id_case_id_revision_case_revisions FOREIGN KEY (tenant_id, case_id, revision) REFERENCES public.case_revisions(tenant_id, case_id, revision);


--
-- Name: tenants fk_tenants_id_name_tenant_names; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT fk_tenants_id_name_tenant_names FOREIGN KEY (id, name) REFERENCES public.tenant_names(tenant_id, name);


--
-- Name: usage_daily fk_usage_daily_tenant_id_api_key_id_api_keys; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_daily
    ADD CONSTRAINT fk_usage_daily_tenant_id_api_key_id_api_keys FOREIGN KEY (tenant_id, api_key_id) REFERENCES public.api_keys(tenant_id, id);


--
-- Name: usage_daily fk_usage_daily_tenant_id_tenants; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_daily
    ADD CONSTRAINT fk_usage_daily_tenant_id_tenants FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: usage_events fk_usage_events_tenant_id_api_key_id_api_keys; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_events
    ADD CONSTRAINT fk_usage_events_tenant_id_api_key_id_api_keys FOREIGN KEY (tenant_id, api_key_id) REFERENCES public.api_keys(tenant_id, id);


--
-- Name: usage_events fk_usage_events_tenant_id_tenants; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_events
    ADD CONSTRAINT fk_usage_events_tenant_id_tenants FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: usage_hourly fk_usage_hourly_tenant_id_api_key_id_api_keys; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_hourly
    ADD CONSTRAINT fk_usage_hourly_tenant_id_api_key_id_api_keys FOREIGN KEY (tenant_id, api_key_id) REFERENCES public.api_keys(tenant_id, id);


--
-- Name: usage_hourly fk_usage_hourly_tenant_id_tenants; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_hourly
    ADD CONSTRAINT fk_usage_hourly_tenant_id_tenants FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: usage_outcomes fk_usage_outcomes_tenant_id_tenants; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_outcomes
    ADD CONSTRAINT fk_usage_outcomes_tenant_id_tenants FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: usage_watermarks fk_usage_watermarks_tenant_id_tenants; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usage_watermarks
    ADD CONSTRAINT fk_usage_watermarks_tenant_id_tenants FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: access_log; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.access_log ENABLE ROW LEVEL SECURITY;

--
-- Name: api_keys; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: case_disclosures; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.case_disclosures ENABLE ROW LEVEL SECURITY;

--
-- Name: case_revisions; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.case_revisions ENABLE ROW LEVEL SECURITY;

--
-- Name: case_tags; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.case_tags ENABLE ROW LEVEL SECURITY;

--
-- Name: cases; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.cases ENABLE ROW LEVEL SECURITY;

--
-- Name: change_feeds; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.change_feeds ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotency_keys; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: access_log operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.access_log TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: api_keys operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.api_keys TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: case_disclosures operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.case_disclosures TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: case_revisions operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.case_revisions TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: case_tags operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.case_tags TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: cases operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.cases TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: change_feeds operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.change_feeds TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: idempotency_keys operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.idempotency_keys TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: rate_limit_counters operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.rate_limit_counters TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: signatures operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.signatures TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: tenant_names operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.tenant_names TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: tenants operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.tenants TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: usage_daily operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.usage_daily TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: usage_events operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.usage_events TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: usage_hourly operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.usage_hourly TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: usage_outcomes operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.usage_outcomes TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: usage_watermarks operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.usage_watermarks TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


--
-- Name: rate_limit_counters; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.rate_limit_counters ENABLE ROW LEVEL SECURITY;

--
-- Name: signatures; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.signatures ENABLE ROW LEVEL SECURITY;

--
-- Name: access_log tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.access_log TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: api_keys tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.api_keys TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: case_disclosures tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.case_disclosures TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: case_revisions tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.case_revisions TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: case_tags tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.case_tags TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: cases tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.cases TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: change_feeds tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.change_feeds TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: idempotency_keys tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.idempotency_keys TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: rate_limit_counters tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.rate_limit_counters TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: signatures tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.signatures TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: tenant_names tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.tenant_names TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: tenants tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.tenants TO clincore_app USING ((id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: usage_daily tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.usage_daily TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: usage_events tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.usage_events TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: usage_hourly tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.usage_hourly TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: usage_outcomes tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.usage_outcomes TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: usage_watermarks tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.usage_watermarks TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


--
-- Name: tenant_names; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.tenant_names ENABLE ROW LEVEL SECURITY;

--
-- Name: tenants; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY;

--
-- Name: usage_daily; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.usage_daily ENABLE ROW LEVEL SECURITY;

--
-- Name: usage_events; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.usage_events ENABLE ROW LEVEL SECURITY;

--
-- Name: usage_hourly; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.usage_hourly ENABLE ROW LEVEL SECURITY;

--
-- Name: usage_outcomes; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.usage_outcomes ENABLE ROW LEVEL SECURITY;

--
-- Name: usage_watermarks; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.usage_watermarks ENABLE ROW LEVEL SECURITY;

--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA public TO clincore_app;


--
-- Name: FUNCTION admit(tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean); Type: ACL; Schema: public; Owner: -
--

REVOKE ALL ON FUNCTION public.admit(tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.admit(tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean) TO clincore_app;


--
-- Name: FUNCTION admit_batch(tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean); Type: ACL; Schema: public; Owner: -
--

REVOKE ALL ON FUNCTION public.admit_batch(tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.admit_batch(tenant_ids uuid[], key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean) TO clincore_app;


--
-- Name: FUNCTION admit_of(tenant uuid, key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean); Type: ACL; Schema: public; Owner: -
--

REVOKE ALL ON FUNCTION public.admit_of(tenant uuid, key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.admit_of(tenant uuid, key_hashes text[], event_ids uuid[], methods text[], endpoints text[], capped boolean[], free_calls_max integer, is_retry boolean) TO clincore_app;


--
-- Name: TABLE access_log; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.access_log TO clincore_app;


--
-- Name: TABLE api_keys; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.api_keys TO clincore_app;


--
-- Name: COLUMN api_keys.label; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(label) ON TABLE public.api_keys TO clincore_app;


--
-- Name: COLUMN api_keys.expires_at; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(expires_at) ON TABLE public.api_keys TO clincore_app;


--
-- Name: COLUMN api_keys.rotated_at; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(rotated_at) ON TABLE public.api_keys TO clincore_app;


--
-- Name: COLUMN api_keys.revoked_at; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(revoked_at) ON TABLE public.api_keys TO clincore_app;


--
-- Name: COLUMN api_keys.rate_limit_per_minute; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(rate_limit_per_minute) ON TABLE public.api_keys TO clincore_app;


--
-- Name: COLUMN api_keys.scopes; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(scopes) ON TABLE public.api_keys TO clincore_app;


--
-- Name: TABLE case_disclosures; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE public.case_disclosures TO clincore_app;


--
-- Name: TABLE case_revisions; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.case_revisions TO clincore_app;


--
-- Name: TABLE case_tags; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE public.case_tags TO clincore_app;


--
-- Name: TABLE cases; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.external_id; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(external_id) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.status; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(status) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.version; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(version) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.title; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(title) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.content; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(content) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.amendment_reason; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(amendment_reason) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.revision; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(revision) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.type_system; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(type_system) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.type_code; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(type_code) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.subject_system; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(subject_system) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.subject_value; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(subject_value) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.updated_at; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.finalized_at; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(finalized_at) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.change_seq; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(change_seq) ON TABLE public.cases TO clincore_app;


--
-- Name: COLUMN cases.numbered_version; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(numbered_version) ON TABLE public.cases TO clincore_app;


--
-- Name: TABLE change_feeds; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.change_feeds TO clincore_app;


--
-- Name: COLUMN change_feeds.last_seq; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(last_seq) ON TABLE public.change_feeds TO clincore_app;


--
-- Name: TABLE idempotency_keys; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE public.idempotency_keys TO clincore_app;


--
-- Name: COLUMN idempotency_keys.case_id; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(case_id) ON TABLE public.idempotency_keys TO clincore_app;


--
-- Name: COLUMN idempotency_keys.status; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(status) ON TABLE public.idempotency_keys TO clincore_app;


--
-- Name: COLUMN idempotency_keys.headers; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(headers) ON TABLE public.idempotency_keys TO clincore_app;


--
-- Name: COLUMN idempotency_keys.body; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(body) ON TABLE public.idempotency_keys TO clincore_app;


--
-- Name: TABLE rate_limit_counters; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.rate_limit_counters TO clincore_app;


--
-- Name: COLUMN rate_limit_counters.second; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(second) ON TABLE public.rate_limit_counters TO clincore_app;


--
-- Name: COLUMN rate_limit_counters.leased; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(leased) ON TABLE public.rate_limit_counters TO clincore_app;


--
-- Name: COLUMN rate_limit_counters.granted; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(granted) ON TABLE public.rate_limit_counters TO clincore_app;


--
-- Name: TABLE signatures; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.signatures TO clincore_app;


--
-- Name: TABLE signing_keys; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.signing_keys TO clincore_app;


--
-- Name: TABLE tenant_names; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.tenant_names TO clincore_app;


--
-- Name: TABLE tenants; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.tenants TO clincore_app;


--
-- Name: COLUMN tenants.id; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(id) ON TABLE public.tenants TO clincore_app;


--
-- Name: COLUMN tenants.name; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(name) ON TABLE public.tenants TO clincore_app;


--
-- Name: COLUMN tenants.created_at; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(created_at),UPDATE(created_at) ON TABLE public.tenants TO clincore_app;


--
-- Name: TABLE usage_daily; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.usage_daily TO clincore_app;


--
-- Name: COLUMN usage_daily.calls; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(calls) ON TABLE public.usage_daily TO clincore_app;


--
-- Name: TABLE usage_events; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.usage_events TO clincore_app;


--
-- Name: TABLE usage_hourly; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.usage_hourly TO clincore_app;


--
-- Name: COLUMN usage_hourly.calls; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(calls) ON TABLE public.usage_hourly TO clincore_app;


--
-- Name: TABLE usage_outcomes; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.usage_outcomes TO clincore_app;


--
-- Name: COLUMN usage_outcomes.calls; Type: ACL; Schema: public; Owner: -
--

GRANT UPDATE(calls) ON TABLE public.usage_outcomes TO clincore_app;


--
-- Name: TABLE usage_watermarks; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.usage_watermarks TO clincore_app;


--
-- Name: COLUMN usage_watermarks.tenant_id; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(tenant_id) ON TABLE public.usage_watermarks TO clincore_app;


--
-- Name: COLUMN usage_watermarks.closed_before; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(closed_before),UPDATE(closed_before) ON TABLE public.usage_watermarks TO clincore_app;


--
-- PostgreSQL database dump complete
--


