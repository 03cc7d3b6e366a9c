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
    CONSTRAINT ck_api_keys_ck_api_keys_key_hash CHECK ((key_hash ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT ck_api_keys_ck_api_keys_role CHECK ((role = ANY (ARRAY['user'::text, 'admin'::text])))
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
    disclosure text NOT NULL,
    CONSTRAINT ck_case_disclosures_ck_case_disclosures_name CHECK ((name = ANY (ARRAY['subject'::text, 'reason'::text, 'history'::text, 'assessment'::text, 'plan'::text])))
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
    CONSTRAINT ck_cases_ck_cases_billing_status CHECK ((billing_status = ANY (ARRAY['free'::text, 'paid'::text]))),
    CONSTRAINT ck_cases_ck_cases_status CHECK ((status = ANY (ARRAY['draft'::text, 'final'::text, 'amended'::text, 'cancelled'::text, 'entered_in_error'::text]))),
    CONSTRAINT ck_cases_ck_cases_version CHECK ((version >= 1))
);

ALTER TABLE ONLY public.cases FORCE ROW LEVEL SECURITY;


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
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: tenants; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tenants (
    id uuid NOT NULL,
    name text NOT NULL,
    billing_status text DEFAULT 'free'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
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
-- Name: usage_watermarks; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usage_watermarks (
    tenant_id uuid NOT NULL,
    closed_before timestamp with time zone NOT NULL,
    pruned_before date,
    pruned_calls bigint DEFAULT '0'::bigint NOT NULL,
    CONSTRAINT ck_usage_watermarks_ck_usage_watermarks_pruned_calls CHECK ((pruned_calls >= 0))
);

ALTER TABLE ONLY public.usage_watermarks FORCE ROW LEVEL SECURITY;


--
-- Data for Name: access_log; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.access_log (tenant_id, id, case_id, operation, key_id, key_label, request_id, filter, count, created_at) VALUES
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '53f4a0ba-77a8-432c-8c43-d7518a3dbd1a', '8f4a6565-3348-40ce-9e34-3134ffb6f960', 'create_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'c02981bb-3b59-4585-ae0b-cb41f12de35a', NULL, NULL, '2026-11-29 01:44:27.789511+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '5877c516-8e29-4acd-bf70-8c428c02bcb6', '8f4a6565-3348-40ce-9e34-3134ffb6f960', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'c0827581-7862-4385-af8e-ab9b982c6e6c', NULL, NULL, '2026-11-29 01:44:27.804028+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c57e6211-e9bf-4cad-87d4-5dd39c630469', '8ca7c2b5-dd0b-4b79-aa91-19b4c8f3aab5', 'create_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '8b99b63f-fc56-405e-a1af-50355a9a72ac', NULL, NULL, '2026-11-29 01:44:27.822172+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '745a6517-1fa1-4d3a-93d2-b2756108cb27', '8ca7c2b5-dd0b-4b79-aa91-19b4c8f3aab5', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '17b11cd3-d09b-4327-a9dc-1b28ee21a30a', NULL, NULL, '2026-11-29 01:44:27.831999+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '8db83415-4374-4965-a9ab-cb4b6547f2e4', '8ca7c2b5-dd0b-4b79-aa91-19b4c8f3aab5', 'cancel_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '4e64ef11-55fc-40fe-a148-d0d26f00aa9d', NULL, NULL, '2026-11-29 01:44:27.847587+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '75dbd820-a7ec-4f44-a229-bf3f1f54401d', 'b28c876a-8128-4061-9684-08ca021736d6', 'create_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'bb01da90-fcb8-44f5-a939-4305aab4cfec', NULL, NULL, '2026-11-29 01:44:27.862472+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '0cae3c30-8980-4001-88bd-cb96abf4516d', 'b28c876a-8128-4061-9684-08ca021736d6', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '35088af2-4bd4-401b-afa1-86ef7d5737a6', NULL, NULL, '2026-11-29 01:44:27.871847+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c4f37c4b-7579-440a-b497-9df4b600808d', 'b28c876a-8128-4061-9684-08ca021736d6', 'finalize_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '8f89f02d-32d5-472a-acc2-0f52d1df1df7', NULL, NULL, '2026-11-29 01:44:27.885052+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '07141199-10f7-40b3-bea7-a7b13a935cde', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'create_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'b2e79b52-204e-4f08-aa0d-518fe450c2ef', NULL, NULL, '2026-11-29 01:44:27.91976+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '5ee81b31-81f9-4c5d-a177-04c5ecf16d56', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '29ff7eec-6cbb-4c3d-a6a7-1be699bf30a1', NULL, NULL, '2026-11-29 01:44:27.927596+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'ebdc8310-ec99-46e6-8b43-f0053d4add53', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'finalize_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '9a1abc3f-e860-45cb-a473-626277d470eb', NULL, NULL, '2026-11-29 01:44:27.950712+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '929cdf8a-81dd-4c6a-9d30-8d335873206d', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'attest_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'edf75b39-fe41-44e0-ad34-54c1910e1c86', NULL, NULL, '2026-11-29 01:44:27.982403+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '72bf304a-c54e-43ff-85c0-fc18e03e1c06', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'create_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '270a852a-f020-4b8d-aec4-deab4d666376', NULL, NULL, '2026-11-29 01:44:28.03005+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f3a0a7cb-7a20-44fa-87fc-afa2f4e64d7c', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '3a210400-902e-47ed-a2d5-aab19493f6a7', NULL, NULL, '2026-11-29 01:44:28.043747+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e5005395-3fa3-41b9-bc84-6f26163d811b', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'finalize_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '39c909e9-c4c8-49e1-a387-e172b038802e', NULL, NULL, '2026-11-29 01:44:28.06991+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '19ad4f95-2f3c-494f-a20d-d54ef46fea07', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'amend_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'cc17932a-5d42-4ffa-a52e-99ff32a3e0de', NULL, NULL, '2026-11-29 01:44:28.104619+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f5452b4d-0b75-47e4-9729-d28750d377e6', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '388ac78f-aab2-4a43-a7ef-49ef8aeb7117', NULL, NULL, '2026-11-29 01:44:28.134889+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '9c6b2bfa-edad-418b-a363-ba5ec22d2328', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'create_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '9a5f68d0-9a85-4514-a702-29bbd00e4650', NULL, NULL, '2026-11-29 01:44:28.167801+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '14743697-22f4-4f60-a7cf-1e0e89c98686', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'e82be360-92d1-4512-a774-804e1d1470cb', NULL, NULL, '2026-11-29 01:44:28.178014+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '916f9f78-f027-445b-a20b-e26b846f47c1', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'finalize_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'e52cdf56-0d4d-489d-a3d9-bc138e50b417', NULL, NULL, '2026-11-29 01:44:28.204263+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'ef415800-9c59-4b09-a454-a5adaf72b538', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'amend_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '1e4bbc11-f0a6-4b44-af48-09fe4c3f08fe', NULL, NULL, '2026-11-29 01:44:28.257133+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '233f0aa2-a8f1-4ae7-8ec4-79beef8d41a9', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'd7a7e05a-176b-47d1-ac00-5a617b5e3bc1', NULL, NULL, '2026-11-29 01:44:28.281952+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '4f6bf9d9-94d0-44b0-85ad-f67d17e6218c', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'finalize_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '1d04b7b2-7a9d-47ec-a2ad-92041e9e65e9', NULL, NULL, '2026-11-29 01:44:28.308291+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '50987259-fc45-4a49-a033-420579b70400', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'create_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'f9a6fedc-9549-4c6b-ad08-7167e8652fa1', NULL, NULL, '2026-11-29 01:44:28.379212+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '43361009-59c9-44b6-9cd3-bd74d647b5ae', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '22e0d87f-e34b-4cb5-a768-794e6a4ac8ed', NULL, NULL, '2026-11-29 01:44:28.38662+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '87a8a8c1-2ad5-4448-8e95-92af5a3244da', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'finalize_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '5b734af2-be46-4e9c-a62f-c0f57540df26', NULL, NULL, '2026-11-29 01:44:28.407547+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c09aa423-5813-4e86-b9b9-36c03dbfe85c', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'amend_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '4872dd9e-173e-4704-af86-c0e07b7b6676', NULL, NULL, '2026-11-29 01:44:28.439633+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '0ebea1f2-5ca4-4c63-a94e-ec1442092a09', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '60af94a5-8ea8-4d48-aa04-b48151fdd410', NULL, NULL, '2026-11-29 01:44:28.469598+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '8d8dfe17-11bf-466e-a87b-fa4cd5dad0ba', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'finalize_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '1c4b0b86-0818-4582-ac7d-5c8b2e42ebe6', NULL, NULL, '2026-11-29 01:44:28.507827+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '00fcec9d-4fe1-4537-a191-a42d6b3c1f2b', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'erase_subject', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'e06dcae5-6dae-4da9-adbe-1bba57b27e51', NULL, NULL, '2026-11-29 01:44:28.548296+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '6008d9b3-732f-4a48-a202-793799862796', 'f328c300-bc91-43a4-848d-7c3994f96518', 'create_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '604e1c54-6dd4-4edd-ab4f-bb6c101eacdf', NULL, NULL, '2026-11-29 01:44:28.608929+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '6b06e64c-a58c-4a69-9eb0-d703a45d3c92', 'f328c300-bc91-43a4-848d-7c3994f96518', 'update_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '8204cb98-f03c-42ac-a25a-4cb58f107222', NULL, NULL, '2026-11-29 01:44:28.627708+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '4dbf4fab-e691-4b48-bffc-79c03368fdd0', 'f328c300-bc91-43a4-848d-7c3994f96518', 'finalize_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '3bf72f0b-8f93-47dc-af72-662a103a35e3', NULL, NULL, '2026-11-29 01:44:28.652038+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'ab49b767-d992-447e-aa02-4923d4584daa', 'f328c300-bc91-43a4-848d-7c3994f96518', 'void_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '3e04a469-dabb-4624-a55a-4ee93d2f560b', NULL, NULL, '2026-11-29 01:44:28.68706+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '401ef8bd-8e44-42bd-b54b-9d0d0205c88d', '8f4a6565-3348-40ce-9e34-3134ffb6f960', 'get_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'fcd0b8ae-02f3-49c4-a3e1-84ad5fa916bd', NULL, NULL, '2026-11-29 01:44:28.743362+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '08859eba-3fb0-445f-8578-caa2cee3fdd1', '8ca7c2b5-dd0b-4b79-aa91-19b4c8f3aab5', 'get_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '60b274ab-479e-4a4f-a339-7ea564b39973', NULL, NULL, '2026-11-29 01:44:28.755374+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'a3b73b49-623d-424e-990f-69adfd3de9bf', 'b28c876a-8128-4061-9684-08ca021736d6', 'get_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '587bf87f-e312-4729-a889-4d8e9646e5d7', NULL, NULL, '2026-11-29 01:44:28.765435+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '6168ce0e-e29c-40ef-8452-b9857876771e', 'b28c876a-8128-4061-9684-08ca021736d6', 'list_revisions', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '81d69c2e-59ee-4fba-a4c6-8a8138b7a870', NULL, NULL, '2026-11-29 01:44:28.779706+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'eb752287-e9f2-4fb6-9f66-dc1bec1d5c19', 'b28c876a-8128-4061-9684-08ca021736d6', 'get_revision', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'dcb2e199-4d14-423f-a264-78087dea2da7', NULL, NULL, '2026-11-29 01:44:28.811794+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '22aec398-4afe-42a8-a633-9f2d15eab90d', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'get_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'e1fa841c-ab95-4c6d-ae46-311ad95d9052', NULL, NULL, '2026-11-29 01:44:28.831867+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c9406d9f-682a-4d60-a8b8-de5b266a567a', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'list_revisions', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '2689778c-a371-4154-a2e2-26846b32b299', NULL, NULL, '2026-11-29 01:44:28.843627+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e824c74b-c950-4ef1-9628-fd47409fbb47', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'get_revision', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'a99a6bf8-be1d-4caa-a7a1-3aee0bd7c26d', NULL, NULL, '2026-11-29 01:44:28.863752+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '907baf24-c9b7-4c96-b5ec-cd0925558d12', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'get_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '2c3204c3-5a73-44e4-ab0d-1e5dff6fedff', NULL, NULL, '2026-11-29 01:44:28.882051+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '80328bd8-dcbc-4701-b4a7-ed400c4f4b70', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'list_revisions', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'e1c05098-cbc6-4d46-a1e4-be6faf7c6048', NULL, NULL, '2026-11-29 01:44:28.895294+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dfa433ac-ba17-445f-a154-1e149cb54a48', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'get_revision', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'ca0c7ba9-bd4e-4efe-a103-d2e664a0c34a', NULL, NULL, '2026-11-29 01:44:28.916097+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '0356156c-b5f7-4972-a9e7-bb379f38c406', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'get_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '7ddff119-c025-4674-a1b5-276096a92310', NULL, NULL, '2026-11-29 01:44:28.94759+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b04c4284-4bc2-479d-852d-53dfa44d0850', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'list_revisions', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'c6523408-a302-455d-aa22-010c055e357a', NULL, NULL, '2026-11-29 01:44:28.968107+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '97c2cc94-1b03-44a1-a0fb-83393c2b77b3', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'get_revision', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '77c8b690-a13a-4d35-ac5f-df9c7b1129d9', NULL, NULL, '2026-11-29 01:44:28.99168+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '62737d53-894b-4d2e-bf7c-63bb9ce6ae6b', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'get_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '343db4e1-a727-4e86-a2c0-f25ad41c41f8', NULL, NULL, '2026-11-29 01:44:29.014775+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd4d4d6f-cf7c-42c2-8559-67f3b5f54974', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'list_revisions', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', 'fa62bc9f-a83a-48fd-a07b-353c623b5da2', NULL, NULL, '2026-11-29 01:44:29.031143+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '953db2b8-6064-4148-9c58-5ebf9eeb3ebf', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'get_revision', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '50148776-6196-4692-aafb-63eb55a63a56', NULL, NULL, '2026-11-29 01:44:29.050816+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '6ed34e7d-f161-44ec-96b9-feeca3c79a7f', 'f328c300-bc91-43a4-848d-7c3994f96518', 'get_case', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '9e1d5423-f109-4b02-ab88-f37108892c17', NULL, NULL, '2026-11-29 01:44:29.095535+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'd23412e1-4437-4748-9896-92c28fd02a00', 'f328c300-bc91-43a4-848d-7c3994f96518', 'list_revisions', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '1f429873-c978-4e9b-ac52-b52c167f0b69', NULL, NULL, '2026-11-29 01:44:29.107614+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '711ae60a-5519-4a44-8a81-0a234f95bd4f', 'f328c300-bc91-43a4-848d-7c3994f96518', 'get_revision', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '233acb1d-cca4-4943-a10b-d0036db9fedc', NULL, NULL, '2026-11-29 01:44:29.130409+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '9697e920-56a4-4cef-ae7d-ff90f4da17e1', NULL, 'list_cases', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'bootstrap-clinic-of-the-north', '5e3c3356-6fa1-4362-ab4d-456b66113bcf', '{"tag": true}', 8, '2026-11-29 01:44:29.156805+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '15fb1965-46c1-4634-8113-9b08d4686ba5', 'c7c97736-d62a-4bd5-853c-2927a07a5b66', 'create_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '3df33d0d-2b82-4972-a4db-692c15ca2a4c', NULL, NULL, '2026-11-29 01:44:29.328046+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'f4c220da-3fcb-4067-b152-7ea5ba7ab2e0', 'c7c97736-d62a-4bd5-853c-2927a07a5b66', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'aafc73ee-0395-4b4c-a467-56fb67bfe6e6', NULL, NULL, '2026-11-29 01:44:29.339873+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '1beddf5c-75b5-4104-a2b3-4ff97c2d68b0', '698ef841-d97f-41a8-84c3-afd844354656', 'create_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'ee05ac0f-376d-4be8-a4d6-eca257a91a50', NULL, NULL, '2026-11-29 01:44:29.372124+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '8aa6209c-5e9e-4d51-871a-e21328abc4b7', '698ef841-d97f-41a8-84c3-afd844354656', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '12b7a5ea-68b8-4f0a-ad0c-580319d273e9', NULL, NULL, '2026-11-29 01:44:29.38449+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '39d0e569-9044-49e7-9bbc-fa363ca1b860', '698ef841-d97f-41a8-84c3-afd844354656', 'cancel_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '8fe26168-dd93-46d2-a6aa-4d77f6b46ec3', NULL, NULL, '2026-11-29 01:44:29.411997+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '85fc63cc-4f1b-4453-a131-a7570ed69582', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 'create_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '2c2fefdd-5b82-4722-a7f7-642e409a83bb', NULL, NULL, '2026-11-29 01:44:29.462333+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'd196bc96-1189-47cd-9262-1803f5e2524b', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'aa9d9458-70af-4ce5-a59c-d5fe3d8c95fd', NULL, NULL, '2026-11-29 01:44:29.477777+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '539e31bf-a56c-4fde-9257-7af360ae65b2', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 'finalize_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '40fe4f37-d842-4a32-a104-3a3e649ec4e1', NULL, NULL, '2026-11-29 01:44:29.49743+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '1f4bd6e0-b26c-47e6-aa88-3cd1751e29c7', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'create_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '4eed9b2b-88e0-49e3-abe6-196230afff60', NULL, NULL, '2026-11-29 01:44:29.556117+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '5c747e3f-99fa-4896-81a3-25e8cad9a07d', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'f3b5cca0-b041-4e0b-a2d3-ac06f426e6cc', NULL, NULL, '2026-11-29 01:44:29.566353+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e826f7cf-2b53-4ac2-a3dc-78096df014d0', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'finalize_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '15d35a64-f8d9-4157-a86c-1f67a5338630', NULL, NULL, '2026-11-29 01:44:29.591835+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '3ad56a6a-1444-4ba0-95ae-2ae6be1be461', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'attest_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '7ba8209b-42f3-49c7-a027-cc44292b059c', NULL, NULL, '2026-11-29 01:44:29.659708+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'c6dd1cc8-9fc4-4ae6-98b6-0d202921d583', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'create_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '38c5ff41-8e66-4d92-abc8-15d7bd0cd3fd', NULL, NULL, '2026-11-29 01:44:29.716475+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '006ce672-9e58-49f0-9f3a-df90f207c0cf', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'f8517e8c-a158-4e5f-a6d3-be8c3545263f', NULL, NULL, '2026-11-29 01:44:29.791901+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '985a2285-51c1-4f05-b1e4-704d7b17975b', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'finalize_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'b8df7bed-3e52-4a3b-aa4d-f78385927078', NULL, NULL, '2026-11-29 01:44:29.83067+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '072d480c-be82-46fa-b0ae-f4de51196e74', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'amend_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '45d64248-8b55-48ba-ab78-941494799e61', NULL, NULL, '2026-11-29 01:44:29.875782+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '4549742d-97a1-4611-8b3d-556957571581', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '3fe8e05c-5021-4a37-ae80-158b56e8df2f', NULL, NULL, '2026-11-29 01:44:29.946587+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'fda66ab2-fdd9-4413-86e9-442b1d6584af', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'create_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '23e3f8b1-4d05-4e54-aab9-99e78a7d298f', NULL, NULL, '2026-11-29 01:44:30.006934+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cdb46c72-be20-440e-b17f-b72a566e33bc', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'a5e85fa2-8144-4d65-ad73-8cbd867c729d', NULL, NULL, '2026-11-29 01:44:30.023446+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '3e4d84aa-0918-42c8-b6ca-a4633d7f4fd2', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'finalize_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '21a59db8-1e88-47c2-adc6-3eec27b51a06', NULL, NULL, '2026-11-29 01:44:30.049054+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '9362e87e-c647-4aa9-bf14-5a460a74cdaa', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'amend_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '2e7f8d81-05b1-4415-aa2e-edd11ccc9fd1', NULL, NULL, '2026-11-29 01:44:30.091756+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'f8539c08-0bb1-451b-abb9-6dc103264919', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '6ac6512c-1a38-4849-ad57-d40a06124539', NULL, NULL, '2026-11-29 01:44:30.127603+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '344491aa-6abf-4d24-9aaf-657d87197cc6', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'finalize_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '54a5a170-f4cb-4e5e-ad89-edbf6726c20c', NULL, NULL, '2026-11-29 01:44:30.155665+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '79e02cfb-278d-4f99-9076-a7fa66a6363d', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'create_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'b8b38fb2-2f6b-42e7-a6bd-849c98b8739f', NULL, NULL, '2026-11-29 01:44:30.222899+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '44103f77-2c84-47b0-9207-658bb3147250', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'b5f9f218-86df-4c49-a75b-dfe2f9d200e9', NULL, NULL, '2026-11-29 01:44:30.237539+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '62ba0114-a48e-4405-9077-8be701d0d702', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'finalize_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '1f4abca9-9d60-44e5-a1e4-6f01abb7f6fa', NULL, NULL, '2026-11-29 01:44:30.271738+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '1d457e88-dd1c-44ec-b475-ad164dcc6e44', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'amend_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '54d225bb-8a0c-4961-a433-156579be2a8b', NULL, NULL, '2026-11-29 01:44:30.316239+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '04b92c45-c6a1-4357-b497-28a00f74106f', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '9aae8747-0517-4982-a164-33d4fa22ccd7', NULL, NULL, '2026-11-29 01:44:30.348796+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'f13de4e4-653e-4f71-ad35-3fdf09722cac', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'finalize_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '170de2f1-11cf-4434-ae98-457b4f64e266', NULL, NULL, '2026-11-29 01:44:30.400863+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '55e9da35-1b6b-4d98-8f96-986c1c7676ec', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'erase_subject', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'dd805a56-3d9e-45b8-aa76-c621a5c8146d', NULL, NULL, '2026-11-29 01:44:30.463163+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '4c6d801f-0033-4aca-ab24-bd3fb39a26fb', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'create_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'd0b1d9b0-86d9-4acd-ae4b-eb26504db6a7', NULL, NULL, '2026-11-29 01:44:30.526263+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '652920a3-de99-44e4-9506-741f49fa3112', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'update_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '608f2889-67b1-45ff-a248-2c41d1d0869e', NULL, NULL, '2026-11-29 01:44:30.540593+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e3d999fa-514b-475b-8e75-d20d0d5602d6', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'finalize_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'ed12bb2c-51d7-4d32-a690-c8c75c3582dd', NULL, NULL, '2026-11-29 01:44:30.579681+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '0076f382-ab17-4b98-8151-585e24cd6e2d', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'void_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'c558077f-f986-4ec2-aa96-86b53e538f51', NULL, NULL, '2026-11-29 01:44:30.637473+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '3e734074-0568-4c67-9ec3-faead6151c0f', 'c7c97736-d62a-4bd5-853c-2927a07a5b66', 'get_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '255ecb05-2e83-4b8e-a3e7-949bdbe10e84', NULL, NULL, '2026-11-29 01:44:30.69963+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '78ec993e-523a-4cf7-8f13-efea1b811dc2', '698ef841-d97f-41a8-84c3-afd844354656', 'get_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'd1ed8822-c80f-4fca-a24a-04bda22ff164', NULL, NULL, '2026-11-29 01:44:30.711317+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '754a3ba9-6016-4df7-917e-c261ad7917fc', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 'get_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'b942a79a-89c3-4892-a8ec-821c86b002a5', NULL, NULL, '2026-11-29 01:44:30.724185+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '4a6aa2ab-6b40-4112-9428-b1c3662f4b83', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 'list_revisions', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '42ecfd62-9d92-4f02-a40b-3ff7537fb345', NULL, NULL, '2026-11-29 01:44:30.731878+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'b5b9be98-b8b1-4db2-976b-7538c6ec86b8', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 'get_revision', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'ab89661c-bf9a-4702-ad33-9f5eea83929b', NULL, NULL, '2026-11-29 01:44:30.757182+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd10df96-dd4e-42bb-b27a-a649a71665f4', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'get_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '981fdffb-5c1b-40ae-a980-1e51c1c5a6e3', NULL, NULL, '2026-11-29 01:44:30.7955+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e3f2915e-cc5d-447f-bdf1-568d98247beb', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'list_revisions', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '9a277ee4-ef68-4721-a2af-4ecc8f8ef3d3', NULL, NULL, '2026-11-29 01:44:30.809064+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'c975aa50-e9b1-4cd1-837d-14306126e717', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'get_revision', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '107006c9-4377-41e8-ab11-2092459e36cb', NULL, NULL, '2026-11-29 01:44:30.835908+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '265a564e-d1bd-4a7d-87cd-42a0ec7d8471', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'get_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '0e62ea89-72a0-4946-a297-a37830f566c9', NULL, NULL, '2026-11-29 01:44:30.871306+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '5cf6e3e2-86bd-4c5e-b955-aced828fb2df', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'list_revisions', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '131ba992-d98e-4f82-a4bd-3a00118f6150', NULL, NULL, '2026-11-29 01:44:30.878268+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'b5387020-9cfa-4412-9714-a563231edf44', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'get_revision', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'ba878633-5294-4ddc-a960-ec979d7a1eb6', NULL, NULL, '2026-11-29 01:44:30.903336+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'f694a264-2417-4934-8264-f0e5d742db07', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'get_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'd85694e6-bea2-4ee6-a67f-df4ff708f57d', NULL, NULL, '2026-11-29 01:44:30.932782+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '434eb883-18e7-4a06-b20d-6603243a6613', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'list_revisions', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '1df004e6-35aa-47c7-a954-2dcf9feb5efa', NULL, NULL, '2026-11-29 01:44:30.93976+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '17d0f204-f3d1-4cec-8c27-335392a77cd7', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'get_revision', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '50ff58a6-b911-41ba-adbc-a0386498b691', NULL, NULL, '2026-11-29 01:44:30.972687+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2d9a9064-45f1-43bf-bed5-e4e80959d927', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'get_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '3e019008-3bcc-4924-a271-256ffdb1716a', NULL, NULL, '2026-11-29 01:44:31.007374+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'c9b7414b-e3e2-42e7-b8f3-bcd837411c62', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'list_revisions', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'f25eb483-3cc4-44b6-a7c5-88f49227536f', NULL, NULL, '2026-11-29 01:44:31.013156+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'dc369d1c-849a-4cbe-aa95-261180962b11', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'get_revision', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'ecff35f4-3209-49d1-a94b-76e4a00ca3c8', NULL, NULL, '2026-11-29 01:44:31.040632+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'f703637e-8ec7-45d3-b1df-ae4288ef0b0d', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'get_case', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '17899fe0-54c4-448f-aae2-f6a1b41ff321', NULL, NULL, '2026-11-29 01:44:31.068184+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '8898f41a-cf2f-422f-a5f3-d7efab73ac10', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'list_revisions', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', 'c23602ab-4842-4349-a99f-2ab816158b96', NULL, NULL, '2026-11-29 01:44:31.07242+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'a57aae46-0d1c-4521-b99a-a9815aaf6ecf', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'get_revision', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '0e584d48-241a-4cf2-a731-78f8baa1adcd', NULL, NULL, '2026-11-29 01:44:31.105125+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e0cf897c-49f2-4b16-9ae2-1562d91c97ed', NULL, 'list_cases', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'bootstrap-clinic-of-the-south', '4351f44d-e247-4180-a1a8-ecb2fba6289d', '{"tag": true}', 8, '2026-11-29 01:44:31.133154+00');


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alembic_version (version_num) VALUES
	('b1c2d3e4f505');


--
-- Data for Name: api_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.api_keys (tenant_id, id, key_hash, label, role, created_at, expires_at, rotated_at, revoked_at) VALUES
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e18f48f7-68cd-46c9-8d4b-b1a0e1466d40', '642ea59a7ffc914bc52fb94d9b3da74f099bcff338be88aaa5797b9aadd9f708', 'key 2', 'user', '2026-11-29 01:44:27.716759+00', NULL, NULL, NULL),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e724fa51-bd6b-4bc9-84b6-0cd8d44d12a5', '05f3aeb006c810d6e87f957de3906c40d83d57aef564dd30005d71e799e41778', 'key 0', 'user', '2026-11-29 01:44:27.688549+00', NULL, NULL, '2026-11-29 01:44:27.725887+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '26771842-b473-490b-a729-786b285a5a21', '8fc6ce0703176be3bfc87d18716956e5acf6d0e9303f82b9127127cad07d510e', 'key 1', 'user', '2026-11-29 01:44:27.707347+00', '2030-01-01 00:00:00+00', NULL, NULL),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 'b8e7700405c578c47238b838712f96d22792ce22af5268a3139e3c63734646b2', 'bootstrap-clinic-of-the-north', 'admin', '2026-11-29 01:44:27.670002+00', '2026-11-29 02:44:27.77409+00', '2026-11-29 01:44:27.77409+00', NULL),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', '19e30ba32617bcb46732502f271f2e85f49db11559300f4bbd3112b6d766432b', 'bootstrap-clinic-of-the-north', 'admin', '2026-11-29 01:44:27.77409+00', NULL, NULL, NULL),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e233377f-5f5d-46ec-b5b4-ac8bb1ea9d9b', '12d25f45a5ebbc7245f68b2c9399f4042766f57cbc6d1193307630a4a198c8a1', 'key 2', 'user', '2026-11-29 01:44:29.213064+00', NULL, NULL, NULL),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e83c245b-f6e6-452c-af29-03c644127439', '6a5fd491a4c27089dbb04fb3d6a749c90fe457255fc7bcb4ea231371d9eb468f', 'key 0', 'user', '2026-11-29 01:44:29.187843+00', NULL, NULL, '2026-11-29 01:44:29.224202+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '50c52cde-b898-4fb1-a31a-5337f271e7c6', '7a9aac59d5d337ebbfcf961e95f22459d9da4e28ab6cbc9ee235b8f69f092b56', 'key 1', 'user', '2026-11-29 01:44:29.199498+00', '2030-01-01 00:00:00+00', NULL, NULL),
	('40c38998-22f8-4e61-a014-377b277c45ab', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', '6ebeea79b224bb23d203106259b5d2fdf329a598a8dc16cda2c40572569987cb', 'bootstrap-clinic-of-the-south', 'admin', '2026-11-29 01:44:29.168286+00', '2026-11-29 02:44:29.302098+00', '2026-11-29 01:44:29.302098+00', NULL),
	('40c38998-22f8-4e61-a014-377b277c45ab', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'c525e5b8959a8d8a3d356dc5000053c3c0136cf324c03f69ebbb473d1bc0d736', 'bootstrap-clinic-of-the-south', 'admin', '2026-11-29 01:44:29.302098+00', NULL, NULL, NULL);


--
-- Data for Name: case_disclosures; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.case_disclosures (tenant_id, case_id, revision, name, disclosure) VALUES
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 1, 'subject', 'WyJzQ0FaY3lSSXNlUG9IblFKLXFZZ1lnIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 1, 'reason', 'WyI1cklQZHhEOW9vdGVXTl92OVRyVUZRIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 1, 'history', 'WyJ6RThlNm9MNF8tbDRGQUlKQ0VqZUl3IiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 1, 'assessment', 'WyJGYXRjQWE4blU5TzFCYUtRRmJvTUx3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 1, 'plan', 'WyJiaG1QNHN6VmpRQjVpZ3pjUV8xN3pBIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGZpbmFsKS4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 1, 'subject', 'WyJtUUhmVExhSzZUQjV1V1ctdThmTENRIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 1, 'reason', 'WyIyc3VOcEo2SlN3QTNDWnJYSDI5czdBIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 1, 'history', 'WyJ2VVJWdWpDU05VeGpRZnlPbXVuWUNnIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 1, 'assessment', 'WyJJS2pJRG02MHAtdmhvR3pncTFhNjBBIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 1, 'plan', 'WyJDLW80bmNtVWNzV2dXVzY1UTJycFJ3IiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGF0dGVzdGVkKS4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 1, 'subject', 'WyJZYkxQMGdTanlvc1cwUGRDck02WGpBIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 1, 'reason', 'WyJISVpZT3MxOXJ3elFXRXdmS1gwLWJBIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 1, 'history', 'WyI4eTBLdC1GMWdmbkdwWl9kUEY4QTRBIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 1, 'assessment', 'WyJYdjdjOFlYODVfeVY2cTlVTzlMNTlRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 1, 'plan', 'WyJ2QmowLVQtNU9sSjhKLW5hTE1BVHh3IiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGFtZW5kaW5nKS4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 1, 'subject', 'WyJiYzNKUnFmcU9POGV3dkZUWkRVSXFRIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 1, 'reason', 'WyJab3ZPd2w4NGVCeDIwTjdVaVlSVk1RIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 1, 'history', 'WyJUdnFWaldRbzU0TlJVMnJBX2EtaEt3IiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 1, 'assessment', 'WyJfRUlrYmtHNHlnTFpFM1NCNUlsZnZRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 1, 'plan', 'WyJkVGlqTklDSmtUc3B4aFVvR05oUzZ3IiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGFtZW5kZWQpLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 2, 'subject', 'WyI1Q1plR0Zub3cxVVJYck9heEF0cmxRIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 2, 'reason', 'WyJ3cUtSUU9rWklMUjFzczNPUk4tc1l3IiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 2, 'history', 'WyJ6UlcteE8tQ1djUlFZZnVLdDd2T1lnIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 2, 'assessment', 'WyJhQ19Ma2IzaGhsTEl5dzFIWlRFUnR3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 2, 'plan', 'WyJ0V19sZjNkTWZ1SVVLaXFWaXF1RVhBIiwicGxhbiIsIk1vcmUgcmVzdC4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 1, 'reason', 'WyItYmhmUWtPN0w3aW1tQmpZdFY5aXJnIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 1, 'assessment', 'WyJycXp6cG1OMGpjcHBmOENXS1pIYWJBIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 2, 'reason', 'WyI4U2JqSUx1Y0RVbWZPTGMxRnRnR2pnIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 2, 'assessment', 'WyJPbUtpRlpCQ3A5bzNhNGN1ZVFxLWpBIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 1, 'subject', 'WyJSX3NhOTQwLVZNTTNNVEhhMmxpTGpBIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 1, 'reason', 'WyJKMnlPWWlSd1lUNlBpV3RCczJiU3h3IiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 1, 'subject', 'WyJ0WG9uMjVaZVl6Zk9jN25NUEFXOG13Iiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 1, 'reason', 'WyJwX1k2RlhFdEpaY0NjVkNteXp5OGJBIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 1, 'history', 'WyI5eTQ2ZVFaQzdwM1E1OF94aGlYNE1RIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 1, 'assessment', 'WyJERllkcGZqV1l3N2hIb3F0VTVrOHJRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 1, 'plan', 'WyJBZVpLUVpNejJFcng0Qzh0UXVlQm5BIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGVudGVyZWQtaW4tZXJyb3IpLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 1, 'history', 'WyJHSjU5SmliaEtrLW5jcFVLSGttVUdRIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 1, 'assessment', 'WyJVVUJRZHN0WXFsUmx0QUpKT2dDeFZ3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 1, 'plan', 'WyI1azBpdGtEakRJT0dKM2MtX3lSODBnIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGVudGVyZWQtaW4tZXJyb3IpLiJd'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 2, 'subject', 'WyJGYlNxNTA4LWxxdU1zbGdIck1Va0JRIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 1, 'subject', 'WyJKaDY0MHFDbENEa1FpTEFWeUpJUk9nIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 1, 'reason', 'WyJUNHNOdnEtX0lCSTE5b3JsdF8xMG5BIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 1, 'history', 'WyJiakpLZ1RyRTAzSkhzU2ZtX09WUC1nIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 1, 'assessment', 'WyJpNWRJcUMyUHNGU2lIcjBUeXlpMHh3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 1, 'plan', 'WyJnWkpsRXJ0Q3RwSGVrZENvVFEwbENRIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGZpbmFsKS4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 1, 'subject', 'WyIzWHp1cFdveWlETTNiRmlrOV84MVJnIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 1, 'reason', 'WyJ2N2dqTE1yeGtkUXRRMkl4bkc3ZXB3IiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 1, 'history', 'WyJvM2JUeEdvTG03REg2bHhLUEZSUGR3IiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 1, 'assessment', 'WyJ6ckFLb09SRFdhNC1pU3NYOFZMTGl3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 1, 'plan', 'WyJydExxaHEydzc0R2VzWUVxalZzc0FBIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGF0dGVzdGVkKS4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 1, 'subject', 'WyI4VzZjdXhtUFZFZWJDRk1sMHV0SkZRIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 1, 'reason', 'WyJJRDBGR3dpYmdNbVNZSnBLNndyX2VBIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 1, 'history', 'WyJpdDZhUXE4RVRwdFBRdk5ORHN4enV3IiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 1, 'assessment', 'WyJXS2lOXzR5aUgwS1pZSllGQkxTaTdRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 1, 'plan', 'WyJOQ0xDS3lwa1NZaktvcHByZGRmRzVRIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGFtZW5kaW5nKS4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 1, 'subject', 'WyJFRjhVMlp4MUJnSE9Rb09vUlFmZG13Iiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 1, 'reason', 'WyJVUHgwSW1YMEljWWpUZnQ4bURsbDBRIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 1, 'history', 'WyJ4dk5SNEZsU180aW5EOHdfTVgtS05nIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 1, 'assessment', 'WyJvOVh1Qm1YeTBlRjZCcGNrWkEzamR3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 1, 'plan', 'WyJHRUg3V3hocWEzNnBPcWpFVmhnZXNBIiwicGxhbiIsIlJlc3QsIGFuZCBjb21lIGJhY2sgKGFtZW5kZWQpLiJd'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 2, 'subject', 'WyJ4TXdFY3pvMTZuYnFoTUlDRkVaSjVnIiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 2, 'reason', 'WyJleXVGN2w5OUtVMm1FVTg3elJnZDNRIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 2, 'history', 'WyJzLXNmeVdKZjhQX01rUHZjRnJfQm1nIiwiaGlzdG9yeSIsIlR3byBzaW1pbGFyIGVwaXNvZGVzIGxhc3QgeWVhci4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 2, 'assessment', 'WyJUREh6aTdjZ0diRm5tdllHb0ZUOUd3IiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 2, 'plan', 'WyJnMEZnOHV5dU8wWlJnaExUcWZyYXFBIiwicGxhbiIsIk1vcmUgcmVzdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 1, 'reason', 'WyJtWFJIcFZWb2Z0MTFreUlSRi14Z1dRIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 1, 'assessment', 'WyJvTnJFQS1MTGZDU2VTUElxT2dINGFRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 2, 'reason', 'WyJvRVk1NmZxRFFONjVkdDktUk9nY0ZnIiwicmVhc29uIiwiVGhyb2JiaW5nIGxlZnQtc2lkZWQgaGVhZGFjaGUgc2luY2UgdGhpcyBtb3JuaW5nLCB3aXRoIGZsaWNrZXJpbmcgbGlnaHRzIGJlZm9yZSBpdC4iXQ'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 2, 'assessment', 'WyIxbW1zTWE3Zm5jX0g2M2RWOGttb2JRIiwiYXNzZXNzbWVudCIsIk1pZ3JhaW5lIHdpdGggYXVyYSwgbm8gcmVkIGZsYWdzLiJd'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 2, 'subject', 'WyJzWEp6MzVUZDM2Q0tub244cXhtb2t3Iiwic3ViamVjdCIseyJiaXJ0aF9kYXRlIjoiMTk4NC0wMy0xMiIsImdlbmRlciI6ImZlbWFsZSIsImlkZW50aWZpZXIiOnsic3lzdGVtIjoidXJuOm9pZDoxLjIuMzYuMTQ2LjU5NS4yMTcuMC4xIiwidmFsdWUiOiJQLTEwMDgyIn0sIm5hbWUiOiJBZGEgRXhhbXBsZSJ9XQ');


--
-- Data for Name: case_revisions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.case_revisions (tenant_id, case_id, revision, status, signed, sha256, created_at) VALUES
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"b28c876a-8128-4061-9684-08ca021736d6","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:27.862472Z","disclosure_digests":{"assessment":"ThDil9bXw2I1y4qKfRX30eEDf4P6HwFtIlDMC0_3L5k","history":"kN5PFC_ZtS-BBFplNU2ev2XxxUrKijVj_OeEpGRYfbk","plan":"BPjaZ6JT9JTYKutjTTm-AyvjYF00OcQf2O0WwD8kHbY","reason":"6ePMD9rqlo5dROZ3QGIEPvtK_Sbz51bhzn-SRGRDLZs","subject":"Ju3QI3EQIS6Kmlmye6R8zgcSCQVd30lJmIutl-g8BAQ"},"external_id":"final-65043877","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:27.886572Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","final"],"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '72b5ae3c6d47532b3b3632168047f09b44ab7b9f066b3676b5e556fdf5f170a3', '2026-11-29 01:44:27.886572+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"1e0709cd-22cd-4fd3-88bd-e679149efed1","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:27.919760Z","disclosure_digests":{"assessment":"YHvLe5eUM7ea5YS8Q7rZs4NKqrcXM3_b9OgPIibl-Ik","history":"Hkoc3SilUBcw0YuIDo6C2sZv8VJWI-AuBwrN5csXKfc","plan":"AVrooJoNJzOqAMyq33OA8FSpHj-keJDJhXupd3zMlxo","reason":"4FT_gAL2v0do1WU6xQXHOmun_ZMtfGKLMuNbnaqv4Uc","subject":"xjRVV-QxRC4wxqf7V1fyNdPoiPgnmq1nqK4XXfYq0Fo"},"external_id":"attested-a24dc9c3","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:27.956657Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","attested"],"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'a83dc415a7ff14bc8d01e33617a991539040433dc1164ae33b47614d2393da15', '2026-11-29 01:44:27.956657+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"c6ddbfec-3d2e-4101-a832-8de735781d0b","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:28.030050Z","disclosure_digests":{"assessment":"OuNB0eW9ggvWvqibvbRh1hEj6a1XXKHYY4E3YZrep8A","history":"DL_hwXXMURBEzD-NxMcyWDlcHkRQNcRfMabQxSc52eY","plan":"vVqmZx-sRDhrGOaZ_ONefIJNHN0oVPSSNtjcbgTpUms","reason":"v14caFCy3FLUTx4e9pBx6zTE4eYG6yjrEuw6EiUYYMY","subject":"Ja646EPNOUro3B4vpcGPzAJRcrqpH2glfLuswfdb88A"},"external_id":"amending-b0be1ffe","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:28.076525Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","amending"],"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'bbc4d924ab99d3ea7e7dfa6bd3671dac38aaa0dfe7431ee93c8b62712fe564fb', '2026-11-29 01:44:28.076525+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"dd8926fc-9f73-4da0-a597-96874839f56b","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:28.167801Z","disclosure_digests":{"assessment":"Z6sVWUkplyL0nsdNG4fDz-icZIXIcQMg-QYPJdH0NXU","history":"XtBpj01RDJifji-dZHlXi9oeo3b2AhG-H5uuujg5nYo","plan":"2nvZVdkQxSvFBqRpx-gclQCkjFvEED-v1-snhhoAs68","reason":"GclT0ZtPpHGHoUOtn07OFt73cMSkM8TqeQrPJW4pAVo","subject":"nMEW1LC-gO5_ptMWnJF1uZoEHZNhIsmclZq40RyNgYA"},"external_id":"amended-c90fb5c7","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:28.206678Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","amended"],"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '55d92516a795cc088a97a165c5bb645e3b7b8f2117bd1d8c16ecfd373550c83a', '2026-11-29 01:44:28.206678+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 2, 'amended', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"dd8926fc-9f73-4da0-a597-96874839f56b","change_reason":"The laboratory corrected a value.","conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:28.167801Z","disclosure_digests":{"assessment":"dQu-K8vru2aSW3s7Pued4lgHOUFyzxjClHVSj-DfiD0","history":"yLfIb8oM5Fh2r8FhAA81fZNlxJgysiAVfQc59ZcoxxU","plan":"M_Vp1YiXD0vStGKo2JspVHdzEC9HUqru3kiqXZ1b44k","reason":"UimX9ITWQ5zngEOOtV1ew-FpVoDRksEW-Zy4u_CjLcw","subject":"0kYSzfn382dsutkEZkQgljvyZQi8IgmnA2BmviltArc"},"external_id":"amended-c90fb5c7","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"55d92516a795cc088a97a165c5bb645e3b7b8f2117bd1d8c16ecfd373550c83a","profile":"urn:clincore:revision:1","revision":2,"signed_at":"2026-11-29T01:44:28.321184Z","signer":{"name":"Dr. Grete Beispiel"},"status":"amended","tags":["upgrade","amended"],"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '71252d70acc4e78179c9d6287d3dffa894cb6a91915b9e3c757023514c7fd37d', '2026-11-29 01:44:28.321184+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"e49f0d7f-2c0e-408d-b541-7e0cf183e5f3","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:28.379212Z","disclosure_digests":{"assessment":"6fiYpVYfcmRxSMKoaoEIUbcnlb5OYoPc-EcWnAlszgY","history":"0Tc7IK2arGJPhshogHIu2lVIkTdlsVd7TaF6ha80xlY","plan":"_p4cHrN2F2TzcmmBnNTzmX6GvF0OsJ1YdhJwEvyKJXU","reason":"tK6bUUFio2mTYA82-zpYglQfwcVB5S9l99RqoQFK0A0","subject":"zJxTxwvPbobKqdO3pZrxdEm0q9jDCpp1qJigDAY3JZg"},"external_id":"erased-1cc2e1f2","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:28.409843Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","erased"],"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '0d7d7e69d8f133d1013d8bd43bed27fa90c251d40627e27ac3eb71a8fd8040df', '2026-11-29 01:44:28.409843+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 2, 'amended', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"e49f0d7f-2c0e-408d-b541-7e0cf183e5f3","change_reason":"The laboratory corrected a value.","conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:28.379212Z","disclosure_digests":{"assessment":"aDWcFiEWAanLFH1RN2oJ3806_rIQ1U_QLrSH2i5TAeo","history":"lswuJ3fA0JWjmZYIBhwEYFnY7ocygEMdBbxa0tD8_Bo","plan":"CPag9UDLacxM3z5uF3BOv-bUsmBj38GeHjJ4HqWDLs8","reason":"ZWUBQQPJkLQm_elakSlmTHvKDQ9b375kMQqtcks2rn4","subject":"J6GnjfroEfWrM6jA4cwnzb_OWplKL6z2WMjItjeicLI"},"external_id":"erased-1cc2e1f2","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"0d7d7e69d8f133d1013d8bd43bed27fa90c251d40627e27ac3eb71a8fd8040df","profile":"urn:clincore:revision:1","revision":2,"signed_at":"2026-11-29T01:44:28.512008Z","signer":{"name":"Dr. Grete Beispiel"},"status":"amended","tags":["upgrade","erased"],"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'd5bc5af86e733c6900853f0ecca2ea84245c4a766d44612b437b058e4da424fb', '2026-11-29 01:44:28.512008+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"f328c300-bc91-43a4-848d-7c3994f96518","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:28.608929Z","disclosure_digests":{"assessment":"NhjzF9k_CbAuQmIJ3nAgLEAZQJ9tIaIS9RYfGQplosA","history":"-k8S4ngbrgSRp0dYCd9IMXlNbe_-gQEBO_R1cH5WMNQ","plan":"9w5p0xIKx1D_bAFPGI9CGoJGEhGp8m3MdqlXSyF9ngU","reason":"6l-ucQAC6ZbGAG6l_sUw6B8VjKMPl7JiOcDjvhXmHF8","subject":"smFbxZ1dwo-pyz0tGZX_vxOwLYrKMmCSbHsuDtFyW14"},"external_id":"entered-in-error-0bd45fb5","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:28.655656Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","entered-in-error"],"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '72108342acdccec766bdeb487bdcc66567f90866da175bedd18bd63848113a55', '2026-11-29 01:44:28.655656+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 2, 'entered_in_error', '{"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"f328c300-bc91-43a4-848d-7c3994f96518","change_reason":"The laboratory corrected a value.","created_at":"2026-11-29T01:44:28.608929Z","disclosure_digests":{"subject":"i1TVb7wzEhN21wFNCAAlqzZq3m_NQvgTWTADQc0ojkc"},"external_id":"entered-in-error-0bd45fb5","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"72108342acdccec766bdeb487bdcc66567f90866da175bedd18bd63848113a55","profile":"urn:clincore:revision:1","revision":2,"signed_at":"2026-11-29T01:44:28.702219Z","signer":{"name":"Dr. Grete Beispiel"},"status":"entered_in_error","tags":["upgrade","entered-in-error"],"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'd572bcb1d70803fdbad4d6fef3b34d0b4e1d332cfa569c095dd96afeb8b7fcf2', '2026-11-29 01:44:28.702219+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"df2cf522-be8e-4803-8250-a56f1e2fbefc","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:29.462333Z","disclosure_digests":{"assessment":"73WGESK9ra5-IzCqE43_47uX5p4UI3UirZ4t7oVwGNY","history":"vTi9qXLN6aY0g4MY1t8vuAVP6G-AxzcwH9fZSweCTsU","plan":"hhLp4D5zlsuh9jjWa83DCWQcSEyZDvPUGw6wSbzON_w","reason":"zmuCYravBzYgAjHZeecOP0vYvNdpScsUis3y_HqPgmM","subject":"p4HifYf_FQ3VKjIGQZDGbnYYP7qiWoeBbTDq_Dp6k9E"},"external_id":"final-aaa0b46a","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:29.503679Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","final"],"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '2e5fc26f64971b3f7869c40133ba99659ee3bbfb2d1fa77517953590ded407dd', '2026-11-29 01:44:29.503679+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 2, 'amended', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"bfde5dfd-9614-4588-8f92-3a7be34861ce","change_reason":"The laboratory corrected a value.","conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:30.222899Z","disclosure_digests":{"assessment":"kHXy7jfRcCgyEi6T8p5jbfBShWCHO6t7JT8r2wwNNY8","history":"ngPzXF1Rtdx6hiIrvPXwwDWwVQTgA0sP6NZKhInYEx0","plan":"YOYbT8GhvvLY7bTo9_fiPaGNOHxovQKaBuxkxfPWGxM","reason":"tIKF620dzFT-jVKNtPpvcIU-Mzfd-MzdetuRXqVWflk","subject":"NyUaJ3OOKGUdnDoPubKdXiHWSuRXHz_wGbkzzD4NNYc"},"external_id":"erased-1d8e3a7f","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"de2758d2f50776bd5865b0c4a1d414e2058caf720570c9ea6fa1bf1757d24ea4","profile":"urn:clincore:revision:1","revision":2,"signed_at":"2026-11-29T01:44:30.406809Z","signer":{"name":"Dr. Grete Beispiel"},"status":"amended","tags":["upgrade","erased"],"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'ab7f7f6fb7a01dd9ee4bb03253032fb034f9d54243a2e9cf0d741c0051dcae7e', '2026-11-29 01:44:30.406809+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"ff0b76e5-d048-429d-a6ed-04d49fdd8101","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:29.556117Z","disclosure_digests":{"assessment":"7t7vKIX70m1f6NNTTm9mrICh8UQBM3Gnc7tq6m5wVlQ","history":"J03MJ47nFKZRfXx7nT6oPv0yKMIei2N-OrTaCb2-rG8","plan":"sATt95nWdwclw2isTN1sJgQb4AzeHxJHDjrMhuWdzsU","reason":"xP-D9DAvqlQd4aEQtDfShuU7nIRsGjaNpi5ibN7lCMQ","subject":"pbob4E3fnt_Jva9ctFHT7PJSg3b3loJYVstVQAB2SKE"},"external_id":"attested-9f75aa07","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:29.597970Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","attested"],"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '88bbebbd6585a70eda106c7367eb60000550e102b0415f2634f2db5c680d5618', '2026-11-29 01:44:29.59797+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"91b56f57-b224-4bc2-b7e4-8622c5ea5b11","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:29.716475Z","disclosure_digests":{"assessment":"3uFn4YaHAFxwg4TNZDCTZbgyuoMXSvVEzBCaRXb_EGk","history":"y_VkUCAOGybylqCKE_1IwGumsGd2vJh5pUURvuZGb-g","plan":"QwgDwP0owzvk46eMqa6XtVWAj7WFja-zsdyFH-fAFiY","reason":"JOE8SvDwQ9XNrO1tYpgS_Mznq9BRiCPIzxv5ql3Nc5I","subject":"p9jOXJjukWWtFzwIr9IufuVChOCmhLnehVavEftVB6k"},"external_id":"amending-d591bc47","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:29.832655Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","amending"],"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '44398bf75b29011abcfe7dc9c4b2c3bcb6defa1cdad715eaa284b1d116580391', '2026-11-29 01:44:29.832655+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"e2012990-0fcb-4c2e-a66d-9d780c1cf968","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:30.006934Z","disclosure_digests":{"assessment":"ApiY7QBshNoLX9LNF4xJsTp_shdnMFG7u0lRi1ZEIqY","history":"Db1wxO0oNHnEqB0VuyLv2faZRsmYu6fAby7YGnK4dLM","plan":"q2ib4Uz5vqhlkaKAiwB_o1_RmqvwmLa2667TWSGnF68","reason":"YXEd9GPrmz5dwjF5Law6lo-SZ7uu9jqX7kmf63UhbYE","subject":"xkCdXyTuBdXj7as5R9_-nn4c06bfJPH9DCBnXLhgPl8"},"external_id":"amended-fdbe66c6","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:30.055842Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","amended"],"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', '369d596ab5f0784a321dd4412e6c07c0c11eb2e608a335374b6daecf7ba359ac', '2026-11-29 01:44:30.055842+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 2, 'amended', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"e2012990-0fcb-4c2e-a66d-9d780c1cf968","change_reason":"The laboratory corrected a value.","conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:30.006934Z","disclosure_digests":{"assessment":"AljCLAd8PTeY2hczuNCZWlBA0YtHjdr_a60XxIMlrj4","history":"h6s5dC1CXWXfxfXtFyo8xR7Ng5VFrwWo6n5fLzLiKA0","plan":"tflBYJIBL2Tay5EgM0r-gpJUw_cAOKE9rlmzhfAs4Uo","reason":"dCVZduCsERKB3qXmcYdh1bTfBHkynr_cT-8wSqxAmTw","subject":"PTT2VxLHqPaFDMm_c-2mdtsyq7rUhpHdLHzIGkuvO8k"},"external_id":"amended-fdbe66c6","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"369d596ab5f0784a321dd4412e6c07c0c11eb2e608a335374b6daecf7ba359ac","profile":"urn:clincore:revision:1","revision":2,"signed_at":"2026-11-29T01:44:30.162189Z","signer":{"name":"Dr. Grete Beispiel"},"status":"amended","tags":["upgrade","amended"],"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'b8e5d70fc3906d27ad2ac6d4d180e2a7202ca60faf944a002043a289a3ce777d', '2026-11-29 01:44:30.162189+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"bfde5dfd-9614-4588-8f92-3a7be34861ce","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:30.222899Z","disclosure_digests":{"assessment":"eSyH02NmaL3pI8zYaxwmZP8O1RmTZsd_yXcAzIscwJY","history":"tcnAT_mVEP5ll9JbkMq9KQGoXEvx2l4k0qW4iWgzuCA","plan":"s2oTw8LZFZMaz41OE6fLJAJDOHiLxgqjWZk7RRzjye0","reason":"awToTC6y7g2IHUwhgENiaAx6xktt55rTLEaTsw_dM08","subject":"S2SRqGjsqC10Tuh3FXt8SgdXnY6OxhdESXxhVnjBPZk"},"external_id":"erased-1d8e3a7f","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:30.283860Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","erased"],"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'de2758d2f50776bd5865b0c4a1d414e2058caf720570c9ea6fa1bf1757d24ea4', '2026-11-29 01:44:30.28386+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 1, 'final', '{"allergies":[{"category":"medication","clinical_status":"active","code":{"code":"91936005","display":"Allergy to penicillin","system":"http://snomed.info/sct"},"criticality":"high","reaction":"Urticaria"}],"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"cd8c059b-8695-400f-a69a-e6bd1b850412","change_reason":null,"conditions":[{"clinical_status":"active","code":{"code":"4473006","display":"Migraine with aura","system":"http://snomed.info/sct"},"onset":"2026-03-02T06:30:00Z","verification_status":"confirmed"}],"created_at":"2026-11-29T01:44:30.526263Z","disclosure_digests":{"assessment":"kJuzXZAUAiKQnYdabKYl0fttgD9TX9mQN2-BUacjzbM","history":"30fwotozy6REgVRHPFftEeCSrcoUDF862uhGH6hOMBY","plan":"k0KkhP_jau3kAk4IGtcEDUWpRMFkbXy7lTGMLNq-0gk","reason":"UV_ZHbP5vUQacaQMrrmTP-lEM9o44dhwefsk62YeLdQ","subject":"j2P-Hw9f-mI5IHhPrD7yf42dU3gMyiajXdk1XmisLMc"},"external_id":"entered-in-error-60c647db","meaning":"authorship","medications":[{"dosage":"One tablet at onset, at most two in 24 hours","medication":{"code":"313160","display":"Sumatriptan 50 MG","system":"http://www.nlm.nih.gov/research/umls/rxnorm"},"status":"active"}],"metadata":{"ward":"outpatients"},"observations":[{"code":{"code":"8867-4","display":"Heart rate","system":"http://loinc.org"},"effective":"2026-03-02T09:05:00Z","status":"final","value_quantity":{"code":"/min","unit":"beats/min","value":"72"}}],"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":null,"profile":"urn:clincore:revision:1","revision":1,"signed_at":"2026-11-29T01:44:30.583694Z","signer":{"name":"Dr. Grete Beispiel"},"status":"final","tags":["upgrade","entered-in-error"],"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'c8e714ede13ea61dfeaaa8a89af84b12eb89ee99003ca7fd23a6640aaf7af4f7', '2026-11-29 01:44:30.583694+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 2, 'entered_in_error', '{"author":{"name":"Dr. Grete Beispiel","role":"Neurologist"},"case_id":"cd8c059b-8695-400f-a69a-e6bd1b850412","change_reason":"The laboratory corrected a value.","created_at":"2026-11-29T01:44:30.526263Z","disclosure_digests":{"subject":"e2IFqSpx7pDAD7Ph-fIaUEj50mBVob-kk_-Oa6oYrYA"},"external_id":"entered-in-error-60c647db","meaning":"authorship","metadata":{"ward":"outpatients"},"period":{"end":"2026-03-02T09:25:00Z","start":"2026-03-02T09:00:00Z"},"previous_sha256":"c8e714ede13ea61dfeaaa8a89af84b12eb89ee99003ca7fd23a6640aaf7af4f7","profile":"urn:clincore:revision:1","revision":2,"signed_at":"2026-11-29T01:44:30.653589Z","signer":{"name":"Dr. Grete Beispiel"},"status":"entered_in_error","tags":["upgrade","entered-in-error"],"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab","title":"Consultation for migraine","type":{"code":"11488-4","display":"Consult note","system":"http://loinc.org"}}', 'f391dd8876052c705ac2ff004a2739b070374079898bd83e507684e49eff43c5', '2026-11-29 01:44:30.653589+00');


--
-- Data for Name: case_tags; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.case_tags (tenant_id, case_id, tag, created_at) VALUES
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '8f4a6565-3348-40ce-9e34-3134ffb6f960', 'upgrade', '2026-11-29 01:44:27.789511+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '8f4a6565-3348-40ce-9e34-3134ffb6f960', 'draft', '2026-11-29 01:44:27.789511+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '8ca7c2b5-dd0b-4b79-aa91-19b4c8f3aab5', 'upgrade', '2026-11-29 01:44:27.822172+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '8ca7c2b5-dd0b-4b79-aa91-19b4c8f3aab5', 'cancelled', '2026-11-29 01:44:27.822172+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 'upgrade', '2026-11-29 01:44:27.862472+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 'final', '2026-11-29 01:44:27.862472+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'upgrade', '2026-11-29 01:44:27.91976+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'attested', '2026-11-29 01:44:27.91976+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'upgrade', '2026-11-29 01:44:28.03005+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'amending', '2026-11-29 01:44:28.03005+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'upgrade', '2026-11-29 01:44:28.167801+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'amended', '2026-11-29 01:44:28.167801+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'upgrade', '2026-11-29 01:44:28.379212+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'erased', '2026-11-29 01:44:28.379212+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 'upgrade', '2026-11-29 01:44:28.608929+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 'entered-in-error', '2026-11-29 01:44:28.608929+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'c7c97736-d62a-4bd5-853c-2927a07a5b66', 'upgrade', '2026-11-29 01:44:29.328046+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'c7c97736-d62a-4bd5-853c-2927a07a5b66', 'draft', '2026-11-29 01:44:29.328046+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '698ef841-d97f-41a8-84c3-afd844354656', 'upgrade', '2026-11-29 01:44:29.372124+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '698ef841-d97f-41a8-84c3-afd844354656', 'cancelled', '2026-11-29 01:44:29.372124+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 'upgrade', '2026-11-29 01:44:29.462333+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 'final', '2026-11-29 01:44:29.462333+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'upgrade', '2026-11-29 01:44:29.556117+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'attested', '2026-11-29 01:44:29.556117+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'upgrade', '2026-11-29 01:44:29.716475+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'amending', '2026-11-29 01:44:29.716475+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'upgrade', '2026-11-29 01:44:30.006934+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'amended', '2026-11-29 01:44:30.006934+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'upgrade', '2026-11-29 01:44:30.222899+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'erased', '2026-11-29 01:44:30.222899+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'upgrade', '2026-11-29 01:44:30.526263+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'entered-in-error', '2026-11-29 01:44:30.526263+00');


--
-- Data for Name: cases; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.cases (tenant_id, id, external_id, status, version, title, content, amendment_reason, revision, type_system, type_code, subject_system, subject_value, billing_status, created_at, updated_at, created_by, finalized_at) VALUES
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '8f4a6565-3348-40ce-9e34-3134ffb6f960', 'draft-67714e20', 'draft', 2, 'Consultation for migraine', '{"plan": "Rest, and come back (draft).", "tags": ["upgrade", "draft"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifier": {"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}, "category": "medication", "reaction": "Urticaria", "criticality": "high", "clinical_status": "active"}], "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}, "onset": "2026-03-02T06:30:00Z", "clinical_status": "active", "verification_status": "confirmed"}], "medications": [{"dosage": "One tablet at onset, at most two in 24 hours", "status": "active", "medication": {"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}}], "observations": [{"code": {"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}, "status": "final", "effective": "2026-03-02T09:05:00Z", "value_quantity": {"code": "/min", "unit": "beats/min", "value": "72"}}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:27.789511+00', '2026-11-29 01:44:27.804028+00', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', NULL),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '8ca7c2b5-dd0b-4b79-aa91-19b4c8f3aab5', 'cancelled-7c8d07f9', 'cancelled', 3, 'Consultation for migraine', '{"plan": "Rest, and come back (cancelled).", "tags": ["upgrade", "cancelled"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifier": {"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}, "category": "medication", "reaction": "Urticaria", "criticality": "high", "clinical_status": "active"}], "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}, "onset": "2026-03-02T06:30:00Z", "clinical_status": "active", "verification_status": "confirmed"}], "medications": [{"dosage": "One tablet at onset, at most two in 24 hours", "status": "active", "medication": {"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}}], "observations": [{"code": {"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}, "status": "final", "effective": "2026-03-02T09:05:00Z", "value_quantity": {"code": "/min", "unit": "beats/min", "value": "72"}}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:27.822172+00', '2026-11-29 01:44:27.847587+00', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', NULL),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 'final-65043877', 'final', 3, 'Consultation for migraine', NULL, NULL, 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:27.862472+00', '2026-11-29 01:44:27.885052+00', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', '2026-11-29 01:44:27.886572+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 'attested-a24dc9c3', 'final', 3, 'Consultation for migraine', NULL, NULL, 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:27.91976+00', '2026-11-29 01:44:27.950712+00', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', '2026-11-29 01:44:27.956657+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 'amending-b0be1ffe', 'final', 5, 'Consultation for migraine', '{"plan": "More rest.", "tags": ["upgrade", "amending"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifier": {"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}, "category": "medication", "reaction": "Urticaria", "criticality": "high", "clinical_status": "active"}], "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}, "onset": "2026-03-02T06:30:00Z", "clinical_status": "active", "verification_status": "confirmed"}], "medications": [{"dosage": "One tablet at onset, at most two in 24 hours", "status": "active", "medication": {"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}}], "observations": [{"code": {"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}, "status": "final", "effective": "2026-03-02T09:05:00Z", "value_quantity": {"code": "/min", "unit": "beats/min", "value": "72"}}]}', 'The laboratory corrected a value.', 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:28.03005+00', '2026-11-29 01:44:28.134889+00', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', '2026-11-29 01:44:28.076525+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 'amended-c90fb5c7', 'amended', 6, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:28.167801+00', '2026-11-29 01:44:28.308291+00', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', '2026-11-29 01:44:28.206678+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 'erased-1cc2e1f2', 'amended', 7, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', NULL, NULL, 'free', '2026-11-29 01:44:28.379212+00', '2026-11-29 01:44:28.548296+00', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', '2026-11-29 01:44:28.409843+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 'entered-in-error-0bd45fb5', 'entered_in_error', 4, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:28.608929+00', '2026-11-29 01:44:28.68706+00', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', '2026-11-29 01:44:28.655656+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'c7c97736-d62a-4bd5-853c-2927a07a5b66', 'draft-e5f8d4aa', 'draft', 2, 'Consultation for migraine', '{"plan": "Rest, and come back (draft).", "tags": ["upgrade", "draft"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifier": {"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}, "category": "medication", "reaction": "Urticaria", "criticality": "high", "clinical_status": "active"}], "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}, "onset": "2026-03-02T06:30:00Z", "clinical_status": "active", "verification_status": "confirmed"}], "medications": [{"dosage": "One tablet at onset, at most two in 24 hours", "status": "active", "medication": {"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}}], "observations": [{"code": {"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}, "status": "final", "effective": "2026-03-02T09:05:00Z", "value_quantity": {"code": "/min", "unit": "beats/min", "value": "72"}}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:29.328046+00', '2026-11-29 01:44:29.339873+00', '6389788d-3b2d-49d6-b522-2306b13ac5cd', NULL),
	('40c38998-22f8-4e61-a014-377b277c45ab', '698ef841-d97f-41a8-84c3-afd844354656', 'cancelled-158600ff', 'cancelled', 3, 'Consultation for migraine', '{"plan": "Rest, and come back (cancelled).", "tags": ["upgrade", "cancelled"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifier": {"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}, "category": "medication", "reaction": "Urticaria", "criticality": "high", "clinical_status": "active"}], "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}, "onset": "2026-03-02T06:30:00Z", "clinical_status": "active", "verification_status": "confirmed"}], "medications": [{"dosage": "One tablet at onset, at most two in 24 hours", "status": "active", "medication": {"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}}], "observations": [{"code": {"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}, "status": "final", "effective": "2026-03-02T09:05:00Z", "value_quantity": {"code": "/min", "unit": "beats/min", "value": "72"}}]}', NULL, NULL, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:29.372124+00', '2026-11-29 01:44:29.411997+00', '6389788d-3b2d-49d6-b522-2306b13ac5cd', NULL),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 'final-aaa0b46a', 'final', 3, 'Consultation for migraine', NULL, NULL, 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:29.462333+00', '2026-11-29 01:44:29.49743+00', '6389788d-3b2d-49d6-b522-2306b13ac5cd', '2026-11-29 01:44:29.503679+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 'attested-9f75aa07', 'final', 3, 'Consultation for migraine', NULL, NULL, 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:29.556117+00', '2026-11-29 01:44:29.591835+00', '6389788d-3b2d-49d6-b522-2306b13ac5cd', '2026-11-29 01:44:29.59797+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 'amending-d591bc47', 'final', 5, 'Consultation for migraine', '{"plan": "More rest.", "tags": ["upgrade", "amending"], "type": {"code": "11488-4", "system": "http://loinc.org", "display": "Consult note"}, "title": "Consultation for migraine", "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"}, "period": {"end": "2026-03-02T09:25:00Z", "start": "2026-03-02T09:00:00Z"}, "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.", "history": "Two similar episodes last year.", "subject": {"name": "Ada Example", "gender": "female", "birth_date": "1984-03-12", "identifier": {"value": "P-10082", "system": "urn:oid:1.2.36.146.595.217.0.1"}}, "metadata": {"ward": "outpatients"}, "allergies": [{"code": {"code": "91936005", "system": "http://snomed.info/sct", "display": "Allergy to penicillin"}, "category": "medication", "reaction": "Urticaria", "criticality": "high", "clinical_status": "active"}], "assessment": "Migraine with aura, no red flags.", "conditions": [{"code": {"code": "4473006", "system": "http://snomed.info/sct", "display": "Migraine with aura"}, "onset": "2026-03-02T06:30:00Z", "clinical_status": "active", "verification_status": "confirmed"}], "medications": [{"dosage": "One tablet at onset, at most two in 24 hours", "status": "active", "medication": {"code": "313160", "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "display": "Sumatriptan 50 MG"}}], "observations": [{"code": {"code": "8867-4", "system": "http://loinc.org", "display": "Heart rate"}, "status": "final", "effective": "2026-03-02T09:05:00Z", "value_quantity": {"code": "/min", "unit": "beats/min", "value": "72"}}]}', 'The laboratory corrected a value.', 1, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:29.716475+00', '2026-11-29 01:44:29.946587+00', '6389788d-3b2d-49d6-b522-2306b13ac5cd', '2026-11-29 01:44:29.832655+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 'amended-fdbe66c6', 'amended', 6, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:30.006934+00', '2026-11-29 01:44:30.155665+00', '6389788d-3b2d-49d6-b522-2306b13ac5cd', '2026-11-29 01:44:30.055842+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 'erased-1d8e3a7f', 'amended', 7, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', NULL, NULL, 'free', '2026-11-29 01:44:30.222899+00', '2026-11-29 01:44:30.463163+00', '6389788d-3b2d-49d6-b522-2306b13ac5cd', '2026-11-29 01:44:30.28386+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 'entered-in-error-60c647db', 'entered_in_error', 4, 'Consultation for migraine', NULL, NULL, 2, 'http://loinc.org', '11488-4', 'urn:oid:1.2.36.146.595.217.0.1', 'P-10082', 'free', '2026-11-29 01:44:30.526263+00', '2026-11-29 01:44:30.637473+00', '6389788d-3b2d-49d6-b522-2306b13ac5cd', '2026-11-29 01:44:30.583694+00');


--
-- Data for Name: signatures; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.signatures (tenant_id, case_id, revision, number, statement, jws, created_at) VALUES
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b28c876a-8128-4061-9684-08ca021736d6', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..Wz-yVLK8cyFLFtLJTwn8jIN-BLiLplJGWFyG4FsXO24Xf4cF-BX905EEYTnX3xkhAil8PbfZg5ktrCRtvyvLAw', '2026-11-29 01:44:27.886572+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..MkSYjLzOusyJtVxwIUDB2cCSMso8CbfPCxTbK_N0GHpDNPrqUbwsjh7kFD-HOAVBQiC9owiU4jCl7zEI-rlECA', '2026-11-29 01:44:27.956657+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1e0709cd-22cd-4fd3-88bd-e679149efed1', 1, 2, '{"case_id":"1e0709cd-22cd-4fd3-88bd-e679149efed1","meaning":"review","number":2,"previous_jws_sha256":"255adb127f60adaf7dcc9fa1351a5074ca9b65b113f4733bff8658f4aee78b29","profile":"urn:clincore:attestation:1","revision":1,"revision_sha256":"a83dc415a7ff14bc8d01e33617a991539040433dc1164ae33b47614d2393da15","signed_at":"2026-11-29T01:44:28.007882Z","signer":{"name":"Prof. Karl Muster","role":"Head of department"},"tenant_id":"b4036576-bac9-48e7-9a1f-a04df3b36d3e"}', 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..2XR_0MAWYGAp8Jbue6wdtT9TS601pT7C21HcAbbtBp1nfWFwRU0k_lG3K_ViBM6b6C3OWcd4OIuC01s5cfBHDQ', '2026-11-29 01:44:28.007882+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c6ddbfec-3d2e-4101-a832-8de735781d0b', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..0_VSZu-HUceV06Y2N7tEQXnnIhiigC1mSiv3K9FhLXMJU_ubUyiUP-GLSZMylfgZ81Y2tihE9uGxBLihbf7oBA', '2026-11-29 01:44:28.076525+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..znQCIfWycVbyuqDZJZjqvdq2DW6bCMvRnjVa-tou_d0aguIzgqgsHzYSBJsLiDicENe3AM1SEk5Bio0BCShHCA', '2026-11-29 01:44:28.206678+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'dd8926fc-9f73-4da0-a597-96874839f56b', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..69IMhGnjXoPPUy-qMyuRjzeWOx0d1HY97LTaZUmdbMn6Io5mJyr9VVQuI-IxECRVzfCSZMxLZtLj1pSD_pWsBw', '2026-11-29 01:44:28.321184+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..eHt1OPXcrvQEEkSQPSliHQ3T52WIWjV79B8_lZZ73mN4cCHuBs9OM7a6r9tMZmWWN-IuIvTHQIdJ1O-prlAHBg', '2026-11-29 01:44:28.409843+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e49f0d7f-2c0e-408d-b541-7e0cf183e5f3', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..LZKYa46pVkdGJBdkeDV3Lrx03aGXjGLDenOfmM4a69H3POlvf9sUVM5f9CyK1Qq2oTXTR820Xbi-3UFvFyouDA', '2026-11-29 01:44:28.512008+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..jtxExEUXCND-gKdWtpUMUHdATfrh5BK_m4KUNaMQATH_figWSNQ_zeU85wIZhEpcEsZsy9TAORvRDbp_TKaNBg', '2026-11-29 01:44:28.655656+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'f328c300-bc91-43a4-848d-7c3994f96518', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..bGZT3rvcquFA5sV1lFxfgkPb34BR9paD4GO79E6oATlUjvG1g8F1adJuQNb1B1p_taqciTeZAgViY4chFBrMDQ', '2026-11-29 01:44:28.702219+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'df2cf522-be8e-4803-8250-a56f1e2fbefc', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..gd-hdHZaEEGAMIpd0an5ZA9w72YL81Wpqgdws68cdC27ALfkOzTgdl0cPGZ6m0SaSgrkU8ng5uuMfqGCQWcUDw', '2026-11-29 01:44:29.503679+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.._V8lSc-Y_ZLtbiKYhAiaYoE_4Op_OHOUFfQ_Xo2E8y4z6C5hD4RtKMaclipxF-XUzGQW6NtI5M5fg8he1YHbCg', '2026-11-29 01:44:29.59797+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'ff0b76e5-d048-429d-a6ed-04d49fdd8101', 1, 2, '{"case_id":"ff0b76e5-d048-429d-a6ed-04d49fdd8101","meaning":"review","number":2,"previous_jws_sha256":"4fbb8e79c827be6477b2722c66f7dbcf0253165e42c4e49653a154fac1455624","profile":"urn:clincore:attestation:1","revision":1,"revision_sha256":"88bbebbd6585a70eda106c7367eb60000550e102b0415f2634f2db5c680d5618","signed_at":"2026-11-29T01:44:29.687583Z","signer":{"name":"Prof. Karl Muster","role":"Head of department"},"tenant_id":"40c38998-22f8-4e61-a014-377b277c45ab"}', 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..tIFGkaZ4xVhMTBjs3TDhVwq_wEx4HKVqaYGOXnvw4YEDK0lYSJQp-HLvSyKriHLlQm9kKo9SyX3PQyNCiOyyAA', '2026-11-29 01:44:29.687583+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '91b56f57-b224-4bc2-b7e4-8622c5ea5b11', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..FZYCtebzGLJoKz1c22h2MZj16UAe30vdP662TytBdV_jcTM3FPs3TiltObr0lRKLHHe6LzBAH_CBMZrc5HEiBw', '2026-11-29 01:44:29.832655+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..QnHVq_FYbI0mepTMowEzfuu6DiEsrHu3T2cXxn4R_dFTUESDDfD-25RHkZdBFYbQ0YuyvKP_WLFPCscpTFl-DQ', '2026-11-29 01:44:30.055842+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e2012990-0fcb-4c2e-a66d-9d780c1cf968', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..OBRbIeVvQd-Sx7s9_dWOICmg0TV5wkxGXNWxheQf5cTb2hj-7PiwX62UnPgwnJTxsUR1ga_Am1O5blZNFm7oDA', '2026-11-29 01:44:30.162189+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..40NEML3m9CZKonCnmsXAksOsw-ndqQ19fQL4QEBElm4SDA6euvm_hcYJviEkMuOP3a_0WY9HXaiZ29E73TAjAA', '2026-11-29 01:44:30.28386+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'bfde5dfd-9614-4588-8f92-3a7be34861ce', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.._IHrRJ9wbdpcR1dUXYnCaHbXdQzW5UEOFnnR-La1VYbGAhkGdz2duuuOMav26PIJCOduEooJ4fyKykTR3R6HAw', '2026-11-29 01:44:30.406809+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 1, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..3RkWwguIW6_63lRguvYpJSyC8kqs2Z_zAWkj67blNdaiDGMd2qgXCHMH0uX0B8pXMmKxtLrQTqQR5q27FM5ZDg', '2026-11-29 01:44:30.583694+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cd8c059b-8695-400f-a69a-e6bd1b850412', 2, 1, NULL, 'eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoicXU2azhFOE1Idl9GUXR4RXI3b201UktPSEktUHNfTUtNdWNabUVvVmxtQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..PN8pFiVkl90puvfV_CTCy2GuTJMpvfRMJF3Wwi-K9QGMOEjAGCcFD8-j9j8nRsEk3ANFlP6it_zQUFLEFsqZDg', '2026-11-29 01:44:30.653589+00');


--
-- Data for Name: signing_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.signing_keys (kid, jwk, created_at) VALUES
	('qu6k8E8MHv_FQtxEr7om5RKOHI-Ps_MKMucZmEoVlmA', '{"x": "tO8XnGtISn59AF2L3woWoW8Aa-S-QkYN42R-tGlYFQw", "alg": "Ed25519", "crv": "Ed25519", "kid": "qu6k8E8MHv_FQtxEr7om5RKOHI-Ps_MKMucZmEoVlmA", "kty": "OKP", "use": "sig"}', '2026-11-29 01:44:26.135358+00');


--
-- Data for Name: tenants; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tenants (id, name, billing_status, created_at) VALUES
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'clinic-of-the-north', 'free', '2026-11-29 01:44:27.670002+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'clinic-of-the-south', 'free', '2026-11-29 01:44:29.168286+00');


--
-- Data for Name: usage_daily; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_daily (tenant_id, day, endpoint, api_key_id, calls) VALUES
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-20', '/admin/api-keys/{key_id}', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 1),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-20', '/cases/{case_id}', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 11),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26', '/admin/api-keys', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 3),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26', '/admin/api-keys/revoke/{key_id}', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 1),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26', '/auth/api-keys/rotate', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 1),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26', '/cases', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 8),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26', '/cases/{case_id}/amend', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 3),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26', '/cases/{case_id}/attest', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 1),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26', '/cases/{case_id}/erase-subject', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 1),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26', '/cases/{case_id}/finalize', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 8),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26', '/cases/{case_id}/void', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-20', '/admin/api-keys/{key_id}', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-20', '/cases/{case_id}', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 11),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26', '/admin/api-keys', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 3),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26', '/admin/api-keys/revoke/{key_id}', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26', '/auth/api-keys/rotate', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26', '/cases', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 8),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26', '/cases/{case_id}/amend', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 3),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26', '/cases/{case_id}/attest', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26', '/cases/{case_id}/erase-subject', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26', '/cases/{case_id}/finalize', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 8),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26', '/cases/{case_id}/void', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 1);


--
-- Data for Name: usage_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_events (tenant_id, id, api_key_id, method, endpoint, created_at) VALUES
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'd142b0bd-56ef-438d-a99c-28790c64a3ed', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'DELETE', '/cases/{case_id}', '2026-11-29 01:44:27.842901+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'e7fca318-c99c-44b9-9a57-a8894f9d5d9d', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}', '2026-11-29 01:44:28.741674+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c0dc8486-8ea5-4a86-87a9-7ab706e6ef24', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}', '2026-11-29 01:44:28.751062+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '34157e1a-8d6f-45d7-8c7b-15f7c78607d6', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}', '2026-11-29 01:44:28.763711+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'fff56f67-63fe-4346-889f-d109cabc8655', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:28.772+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '64b77411-ab0c-484a-854d-cc42c2ea0d56', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:28.805526+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c45f2682-1eb9-42c9-972a-eef8bfa0ff94', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}', '2026-11-29 01:44:28.825671+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '3760713d-c106-4416-a613-0850678a42ec', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:28.837611+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'afefe543-def9-4d3f-a196-8f4375f11015', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:28.85747+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'de020ac4-fe04-4bc2-bfbb-974b7061d525', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}', '2026-11-29 01:44:28.877019+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'a8de8c23-95aa-4711-9a3e-502a7d4f60d9', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:28.889708+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '6f289cd1-205e-49c2-b65f-11ae3de139a4', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:28.914155+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'ee24b5ce-46fd-4531-8fde-d39c61769d55', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}', '2026-11-29 01:44:28.945481+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'fe6bb86c-d98a-4639-a0e3-eec20053ed27', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:28.957546+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '5e856833-5b75-4340-9f3b-d2d097ec2bfa', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:28.986391+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '347d8722-bb25-4e7c-94d7-df3608c16e01', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}', '2026-11-29 01:44:29.013568+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '30160e7c-8b8d-4f35-994a-05838e8ac3ca', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:29.028837+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '5d0e2265-7e45-47e1-bd82-10a93329e917', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:29.047988+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '202ece19-210f-41f4-a743-190c279b0965', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}', '2026-11-29 01:44:29.0915+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c0a704bd-5fc0-43db-ace2-ef783c047e70', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:29.104072+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '90123e7a-f8d7-4338-8398-d77eb4f5536a', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:29.129013+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '903fdafe-8326-443a-80c1-7d9ed94b9ad9', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'GET', '/cases', '2026-11-29 01:44:29.152049+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'f668dbd5-6a16-47f6-9c1d-fab46692db38', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'DELETE', '/cases/{case_id}', '2026-11-29 01:44:29.40973+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '828e0b39-e2a7-4b14-8d86-47251e3cbbfa', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 'POST', '/admin/api-keys', '2026-11-26 01:44:27.681191+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '255c9d46-2e51-4f6b-aeb8-ef2dc46ddd1d', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 'POST', '/admin/api-keys', '2026-11-26 01:44:27.696546+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '49fb2aa4-c927-4d5e-b5d4-b8ea66dae310', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 'POST', '/admin/api-keys', '2026-11-26 01:44:27.715062+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'a98f3bc2-ba71-4576-afd2-9154f0e25603', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 'POST', '/admin/api-keys/revoke/{key_id}', '2026-11-26 01:44:27.723334+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'fc633c68-4a62-4d5d-9e1f-681c284c27ad', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 'POST', '/auth/api-keys/rotate', '2026-11-26 01:44:27.770759+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'a7a89459-ffca-4d64-aef0-f32fb05692db', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases', '2026-11-26 01:44:27.784568+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'bd9aed94-3704-41c9-a04d-6cc1a3aef4ff', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases', '2026-11-26 01:44:27.817182+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '456b87d9-0735-4c78-93a0-5f9880611a4d', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases', '2026-11-26 01:44:27.858039+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'd0ed39e6-f612-4dd1-8ef6-5be95193af5e', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:27.881033+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'd3ca15bb-4156-4f39-99bf-6c6f7233e455', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases', '2026-11-26 01:44:27.915522+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'd159fc44-1dff-4ce8-af07-aad6efec6458', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:27.949157+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '5d8d9eb4-6418-4d2a-98d6-1322dc030a67', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/attest', '2026-11-26 01:44:27.976934+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'eea22e45-59bf-449f-a445-87a5e9f430d0', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases', '2026-11-26 01:44:28.025265+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '76e93782-b70a-4c89-8d6a-1987529d9886', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:28.068551+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '0d3c5acc-18cd-45d2-9aa3-f904eddfa6d4', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}', '2026-11-29 01:44:30.691737+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'f05b0bbe-7d47-45b8-99f8-28f19e192d56', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}', '2026-11-29 01:44:30.703681+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'd1682ea4-8403-48cc-8748-216dd83c8731', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}', '2026-11-29 01:44:30.717535+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '29cd55fd-80bc-4b01-ae6d-7b78ca207dad', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:30.729127+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'a08d538b-e1eb-4b24-8efd-572065e2aae8', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:30.754436+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '43458687-e99c-4008-9dc9-e051ef8c683d', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}', '2026-11-29 01:44:30.788017+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '4dc6cb45-bdcd-4c5d-8a4c-3bb0bf404a0d', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:30.805726+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '9166233f-fae4-42ba-a272-28e6becf8893', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:30.83164+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '549624bc-e6bc-4671-910e-c122fb3ea0de', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}', '2026-11-29 01:44:30.866891+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '0008de43-9af5-459c-8b65-9b717da096c7', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:30.876788+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'a88c384c-38d9-42f4-8995-f8474a081359', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:30.90141+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'f41e4761-b3ef-40e4-a89f-7848cfd6ec51', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}', '2026-11-29 01:44:30.931415+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2168f888-1dbf-46b1-bf6d-501b7a2dbd7a', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:30.938536+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '01695f2c-57d6-4f3e-a3f7-f8210e8262ad', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:30.968834+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'fb9e3a09-5e2f-4b08-b8c3-71286b994e33', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}', '2026-11-29 01:44:31.003502+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '52de73db-ee3a-4d68-bd05-8f7b48a53e3e', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:31.011091+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '5fea794a-7921-4732-a59e-3c03b55758ef', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:31.03259+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '5a560e04-e9e4-4e40-992c-4dc6001088e7', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}', '2026-11-29 01:44:31.065088+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'd09c679a-cf85-4cc9-b0f1-82f095160742', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions', '2026-11-29 01:44:31.070878+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '0ff7085a-3ccc-4dcd-93f0-ad23c7d98905', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases/{case_id}/revisions/{revision}', '2026-11-29 01:44:31.094914+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '338eb033-e551-4eba-8ef6-c1e36da8412a', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'GET', '/cases', '2026-11-29 01:44:31.131524+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '9e35fcd5-c508-4334-bc89-b318e854a50a', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:29.495655+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e048b43d-6fb5-47a9-a6fb-554247d89f92', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases', '2026-11-26 01:44:29.54979+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'a8d63bb1-dc47-4b25-8bf5-96a557410775', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:29.590018+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '3fb161b9-59fb-4588-9f0a-cf9ad8e119da', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/attest', '2026-11-26 01:44:29.654099+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'c2a92ce0-c711-4a0c-b8a2-7cfe27b79288', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases', '2026-11-26 01:44:29.714018+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'a5d940e0-0662-438f-b6cc-b376a648ba1a', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:29.827442+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '7bea9109-206d-425d-aab8-3435eff41bed', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/amend', '2026-11-26 01:44:29.871716+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'a44d00d9-9798-461d-9f9a-37985f463c32', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases', '2026-11-26 01:44:29.99802+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'b691094e-b005-40e2-b8c2-b7713cc6e3da', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/amend', '2026-11-26 01:44:28.09933+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '61d4fae5-0c3a-4a02-92e7-0b9901b909ab', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases', '2026-11-26 01:44:28.16498+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2bb80468-b3d0-41ee-9e9f-8698a28b52b6', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:28.197464+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '3ea75186-d044-4ba5-a1ab-54a2b15477a2', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/amend', '2026-11-26 01:44:28.252731+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'a5a8e7a0-c27e-41a6-80bd-f91084666722', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:28.301952+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '9c3166ff-9575-4c5c-8132-68bb2bf648b4', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases', '2026-11-26 01:44:28.374594+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '1231387d-2273-4586-886b-5010bad6b5f3', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:28.401583+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'bc8f5c5c-7d48-4f20-839e-036262b4e36f', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/amend', '2026-11-26 01:44:28.435339+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'cae4e3dd-c73a-4955-8d9c-d2ba83e1bf88', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:28.501529+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'ff5d599f-7480-496f-a6e4-f17c10f45df2', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/erase-subject', '2026-11-26 01:44:28.54158+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', 'c7f1e40c-1cd8-484f-be01-860848967f45', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases', '2026-11-26 01:44:28.601642+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '4a173114-5e0d-4c6e-84ec-9c11d0be77f9', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:28.649403+00'),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '258f83eb-7c0b-4c6f-a17d-5271c76d8e37', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 'POST', '/cases/{case_id}/void', '2026-11-26 01:44:28.682326+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '1c26ed2a-2e60-47a4-96c3-47073c3ff177', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 'POST', '/admin/api-keys', '2026-11-26 01:44:29.181697+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '558cb379-3729-4709-b471-bcaf1d34bad7', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 'POST', '/admin/api-keys', '2026-11-26 01:44:29.197639+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '8a73da38-c56b-4fb3-b856-abce4a2b2b01', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 'POST', '/admin/api-keys', '2026-11-26 01:44:29.209408+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'be77abbb-13f0-4e74-8beb-f0eb1ec020c9', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 'POST', '/admin/api-keys/revoke/{key_id}', '2026-11-26 01:44:29.221547+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'e42e5071-bccf-4dc2-bd2d-8bb9a24fd56c', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 'POST', '/auth/api-keys/rotate', '2026-11-26 01:44:29.299609+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '62d0cd38-8148-42b2-9a3a-0735af1e9cec', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases', '2026-11-26 01:44:29.31872+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '7ae22013-dff9-407b-a136-6cab25d3fb00', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases', '2026-11-26 01:44:29.367984+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cba81410-b02c-485f-83a5-465a488f6df6', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases', '2026-11-26 01:44:29.459753+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '82eaced5-82b4-45b0-bb60-8e80d9f4c434', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:30.043644+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2c60753c-6fe1-407c-9f74-c4ff6c037eb2', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/amend', '2026-11-26 01:44:30.089826+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'b9938b17-e409-43e9-8bf1-a2ba4e3e3afc', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:30.151222+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '80018746-df00-48cd-a907-6ddba3f61cbc', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases', '2026-11-26 01:44:30.212769+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '4b23de81-7f41-4436-a38a-96ea04212716', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:30.264746+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '6583dfea-255b-4fdd-b294-40ff40f2f7f3', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/amend', '2026-11-26 01:44:30.31147+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '07786276-94ba-4c33-9880-29f910e6c800', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:30.393694+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '21ac4da0-ca14-46df-beb2-ab465fd8c06b', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/erase-subject', '2026-11-26 01:44:30.458235+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', 'cf48cecd-50b8-4469-9d08-c5ab666d2e50', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases', '2026-11-26 01:44:30.524079+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2107b3f0-ad84-40f6-b273-daade64d6ae0', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/finalize', '2026-11-26 01:44:30.575693+00'),
	('40c38998-22f8-4e61-a014-377b277c45ab', '8419c244-e656-48b5-b7e7-65a1fa948c3b', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 'POST', '/cases/{case_id}/void', '2026-11-26 01:44:30.635626+00');


--
-- Data for Name: usage_hourly; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_hourly (tenant_id, hour, endpoint, api_key_id, calls) VALUES
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26 01:00:00+00', '/admin/api-keys', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 3),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26 01:00:00+00', '/admin/api-keys/revoke/{key_id}', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 1),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26 01:00:00+00', '/auth/api-keys/rotate', '361f7ac1-5aaf-4b9a-ae8c-d61f35b52ff1', 1),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26 01:00:00+00', '/cases', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 8),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26 01:00:00+00', '/cases/{case_id}/amend', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 3),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26 01:00:00+00', '/cases/{case_id}/attest', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 1),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26 01:00:00+00', '/cases/{case_id}/erase-subject', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 1),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26 01:00:00+00', '/cases/{case_id}/finalize', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 8),
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-26 01:00:00+00', '/cases/{case_id}/void', '6389788d-3b2d-49d6-b522-2306b13ac5cd', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26 01:00:00+00', '/admin/api-keys', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 3),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26 01:00:00+00', '/admin/api-keys/revoke/{key_id}', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26 01:00:00+00', '/auth/api-keys/rotate', '10e2d9f0-d209-48fb-9394-73ff40e7ca6b', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26 01:00:00+00', '/cases', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 8),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26 01:00:00+00', '/cases/{case_id}/amend', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 3),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26 01:00:00+00', '/cases/{case_id}/attest', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26 01:00:00+00', '/cases/{case_id}/erase-subject', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 1),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26 01:00:00+00', '/cases/{case_id}/finalize', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 8),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-26 01:00:00+00', '/cases/{case_id}/void', '8d2502ff-3159-4fdd-bdb6-6cd2e127688d', 1);


--
-- Data for Name: usage_watermarks; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.usage_watermarks (tenant_id, closed_before, pruned_before, pruned_calls) VALUES
	('40c38998-22f8-4e61-a014-377b277c45ab', '2026-11-27 01:40:00+00', '2026-11-21', 12),
	('b4036576-bac9-48e7-9a1f-a04df3b36d3e', '2026-11-27 01:40:00+00', '2026-11-21', 12);


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
-- Name: cases uq_cases_tenant_id_external_id; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT uq_cases_tenant_id_external_id UNIQUE (tenant_id, external_id);


--
-- Name: tenants uq_tenants_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT uq_tenants_name UNIQUE (name);


--
-- Name: ix_access_log_tenant_id_case_id_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_access_log_tenant_id_case_id_created_at_id ON public.access_log USING btree (tenant_id, case_id, created_at, id);


--
-- Name: ix_api_keys_tenant_id_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_api_keys_tenant_id_created_at_id ON public.api_keys USING btree (tenant_id, created_at, id);


--
-- Name: ix_case_tags_tenant_id_tag_created_at_case_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_case_tags_tenant_id_tag_created_at_case_id ON public.case_tags USING btree (tenant_id, tag, created_at, case_id);


--
-- Name: ix_cases_tenant_id_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_created_at_id ON public.cases USING btree (tenant_id, created_at, id);


--
-- Name: ix_cases_tenant_id_paid; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_paid ON public.cases USING btree (tenant_id) WHERE (billing_status = 'paid'::text);


--
-- Name: ix_cases_tenant_id_subject_value_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_subject_value_created_at_id ON public.cases USING btree (tenant_id, subject_value, created_at, id);


--
-- Name: ix_cases_tenant_id_type_code_created_at_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_type_code_created_at_id ON public.cases USING btree (tenant_id, type_code, created_at, id);


--
-- Name: ix_cases_tenant_id_updated_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_cases_tenant_id_updated_at ON public.cases USING btree (tenant_id, updated_at);


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
-- Name: signatures fk_signatures_tenant_id_case_id_revision_case_revisions; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT fk_signatures_tenant_id_case_id_revision_case_revisions FOREIGN KEY (tenant_id, case_id, revision) REFERENCES public.case_revisions(tenant_id, case_id, revision);


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
-- Name: signatures operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.signatures TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


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
-- Name: usage_watermarks operator; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY operator ON public.usage_watermarks TO clincore_owner USING ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text)) WITH CHECK ((COALESCE(current_setting('app.tenant_id'::text, true), ''::text) = ''::text));


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
-- Name: signatures tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.signatures TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


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
-- Name: usage_watermarks tenant_isolation; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant_isolation ON public.usage_watermarks TO clincore_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));


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
-- Name: TABLE signatures; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.signatures TO clincore_app;


--
-- Name: TABLE signing_keys; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.signing_keys TO clincore_app;


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

GRANT UPDATE(created_at) ON TABLE public.tenants TO clincore_app;


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


