// Code systems and codes that the console knows.

export const UCUM = "http://unitsofmeasure.org";
export const LOINC = "http://loinc.org";
export const SNOMED = "http://snomed.info/sct";
export const RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
export const CVX = "http://hl7.org/fhir/sid/cvx";

/**
 * The names of code systems of meanings; UCUM has units.
 *
 * @type {Record<string, string>}
 */
export const SYSTEMS = {
  [SNOMED]: "SNOMED CT",
  [LOINC]: "LOINC",
  [RXNORM]: "RxNorm",
  "http://hl7.org/fhir/sid/icd-10": "ICD-10",
  "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
  "http://fhir.de/CodeSystem/bfarm/icd-10-gm": "ICD-10-GM",
  "http://www.whocc.no/atc": "ATC",
  [CVX]: "CVX",
};

/** The type of a case that was given none. */
export const DEFAULT_TYPE = { system: LOINC, code: "34133-9", display: "Summary of episode note" };

/** LOINC codes of a blood pressure, and of its two parts. */
export const BLOOD_PRESSURE = "85354-9";
export const BLOOD_PRESSURES = new Set([BLOOD_PRESSURE, "55284-4"]);
export const SYSTOLIC = "8480-6";
export const DIASTOLIC = "8462-4";
