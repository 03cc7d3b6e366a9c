"""The content of one case in version 1 of the model, as ClinCore 0.1.0 stored it, and in version 2."""

from typing import Any

Json = dict[str, Any]

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
SAME: Json = {
    "title": "Consultation for migraine",
    "type": {"system": "http://loinc.org", "code": "11488-4", "display": "Consult note"},
    "period": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T09:25:00Z"},
    "reason": "Throbbing left-sided headache since this morning, with flickering lights before it.",
    "history": "Two similar episodes last year.",
    "assessment": "Migraine with aura, no red flags.",
    "plan": "Sumatriptan 50 mg at onset, headache diary, review in six weeks.",
    "tags": ["neurology"],
    "metadata": {"ward": "outpatients"},
}
VERSION_1: Json = SAME | {
    "subject": {
        "identifier": {"system": "urn:oid:1.2.36.146.595.217.0.1", "value": "P-10082"},
        "name": "Ada Example",
        "birth_date": "1984-03-12",
        "gender": "female",
    },
    "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"},
    "conditions": [
        {
            "code": {"system": SNOMED, "code": "4473006", "display": "Migraine with aura"},
            "clinical_status": "active",
            "verification_status": "confirmed",
            "onset": "2026-03-02T06:30:00Z",
        }
    ],
    "observations": [
        {
            "code": {"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"},
            "status": "final",
            "effective": "2026-03-02T09:05:00Z",
            "value_quantity": {"value": "72", "unit": "beats/min", "code": "/min"},
        }
    ],
    "medications": [
        {
            "medication": {"system": RXNORM, "code": "313160", "display": "Sumatriptan 50 MG"},
            "status": "active",
            "dosage": "One tablet at onset, at most two in 24 hours",
        }
    ],
    "allergies": [
        {
            "code": {"system": SNOMED, "code": "91936005", "display": "Allergy to penicillin"},
            "clinical_status": "active",
            "category": "medication",
            "criticality": "high",
            "reaction": "Urticaria",
        }
    ],
}
VERSION_2: Json = SAME | {
    "subject": {
        "identifiers": [{"system": "urn:oid:1.2.36.146.595.217.0.1", "value": "P-10082"}],
        "name": "Ada Example",
        "birth_date": "1984-03-12",
        "gender": "female",
    },
    "author": {"name": "Dr. Grete Beispiel", "role": "Neurologist"},
    "conditions": [
        {
            "code": {"coding": [{"system": SNOMED, "code": "4473006", "display": "Migraine with aura"}]},
            "clinical_status": "active",
            "verification_status": "confirmed",
            "onset": {"date_time": "2026-03-02T06:30:00Z"},
        }
    ],
    "observations": [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}]},
            "status": "final",
            "effective": {"date_time": "2026-03-02T09:05:00Z"},
            "value": {
                "quantity": {"value": "72", "unit": "beats/min", "system": "http://unitsofmeasure.org", "code": "/min"}
            },
        }
    ],
    "medications": [
        {
            "kind": "statement",
            "medication": {"coding": [{"system": RXNORM, "code": "313160", "display": "Sumatriptan 50 MG"}]},
            "status": "active",
            "dosages": [{"text": "One tablet at onset, at most two in 24 hours"}],
        }
    ],
    "allergies": [
        {
            "code": {"coding": [{"system": SNOMED, "code": "91936005", "display": "Allergy to penicillin"}]},
            "clinical_status": "active",
            "categories": ["medication"],
            "criticality": "high",
            "reactions": [{"manifestations": [{"text": "Urticaria"}]}],
        }
    ],
}
