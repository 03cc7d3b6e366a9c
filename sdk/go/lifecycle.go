// A program that uses the generated Go client against a running service.
//
// CLINCORE is the service's URL, BOOTSTRAP_TOKEN its token. Exit code 1 means that the service, the contract or the
// client is wrong.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"clincore"
)

type keyed struct {
	*clincore.APIClient
	ctx context.Context
}

func check(holds bool, format string, values ...any) {
	if !holds {
		fmt.Fprintf(os.Stderr, "Go SDK: "+format+"\n", values...)
		os.Exit(1)
	}
}

// The response body, which must not be a problem.
func good[T any](answer T, response *http.Response, err error) T {
	var refusal *clincore.GenericOpenAPIError
	if errors.As(err, &refusal) {
		check(false, "%v: %s", err, refusal.Body())
	}
	check(err == nil, "%v", err)
	return answer
}

// The problem document, which must have this type.
func refused[P any, T any](_ T, response *http.Response, err error) P {
	var refusal *clincore.GenericOpenAPIError
	check(errors.As(err, &refusal), "not refused: %v", err)
	problem, ok := refusal.Model().(P)
	check(ok, "the refusal is %T: %s", refusal.Model(), refusal.Body())
	return problem
}

func client() *clincore.APIClient {
	configuration := clincore.NewConfiguration()
	configuration.Servers = clincore.ServerConfigurations{{URL: os.Getenv("CLINCORE")}}
	return clincore.NewAPIClient(configuration)
}

func withKey(key string) keyed {
	keys := map[string]clincore.APIKey{"ApiKey": {Key: key}}
	return keyed{client(), context.WithValue(context.Background(), clincore.ContextAPIKeys, keys)}
}

// A client with the first key, an admin's, of a new tenant.
func provision() keyed {
	operator := context.WithValue(context.Background(), clincore.ContextAccessToken, os.Getenv("BOOTSTRAP_TOKEN"))
	wanted := clincore.NewTenantInput(fmt.Sprintf("go-sdk-%d", time.Now().UnixNano()))
	wanted.SetRole(clincore.ROLE_ADMIN)
	made := good(client().BootstrapAPI.BootstrapTenant(operator).TenantInput(*wanted).Execute())
	admin := withKey(made.ApiKey)
	caller := good(admin.AuthAPI.GetCaller(admin.ctx).Execute())
	check(caller.TenantId == made.TenantId && caller.Role == clincore.ROLE_ADMIN, "another caller: %v", caller)
	check(caller.ExpiresAt.IsSet() && caller.ExpiresAt.Get() == nil, "expires_at is not null")

	again := client().BootstrapAPI.BootstrapTenant(operator).TenantInput(*wanted)
	taken := refused[clincore.RepeatProblem](again.Execute())
	check(taken.Type == "/problems/tenant-name-taken", "%v", taken)
	return admin
}

// Create, rotate and revoke.
func keys(admin keyed) {
	wanted := clincore.NewApiKeyInput("reporting job")
	wanted.SetExpiresAt(time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC))
	issued := good(admin.AdminAPI.CreateApiKey(admin.ctx).ApiKeyInput(*wanted).Execute())
	user := withKey(issued.ApiKey)
	forbidden := refused[clincore.Problem](user.AdminAPI.ListApiKeys(user.ctx).Execute())
	check(forbidden.Type == "/problems/role-required", "%v", forbidden)

	// The client sends null for an omitted body.
	rotated := good(user.AuthAPI.RotateApiKey(user.ctx).Execute())
	check(rotated.Label == "reporting job" && rotated.ExpiresAt.Get().Year() == 2099, "%v", rotated)
	revoked := good(admin.AdminAPI.RevokeApiKey(admin.ctx, rotated.Id).Execute())
	check(revoked.RevokedAt.Get() != nil, "%v", revoked)
	gone := refused[clincore.Problem](user.AuthAPI.GetCaller(user.ctx).Execute())
	check(gone.Type == "/problems/key-revoked", "%v", gone)
}

var signing = *clincore.NewSigning(*clincore.NewSigner("Dr. Grete Beispiel"), clincore.SIGNATUREMEANING_AUTHORSHIP)

// Create, read, change, sign, verify and erase a case, and read its FHIR document.
func aCase(admin keyed) {
	system := "urn:oid:1.2.36.146.595.217.0.1"
	wanted := clincore.NewCaseInput("Consultation for migraine")
	subject := clincore.NewSubject([]clincore.Identifier{*clincore.NewIdentifier(system, "P-10082")})
	subject.SetBirthDate("1984-03")
	wanted.SetSubject(*subject)
	author := clincore.NewParty()
	author.SetName("Dr. Grete Beispiel")
	wanted.SetAuthor(*author)
	wanted.SetHistory("Two similar episodes last year.")
	meaning := clincore.NewConcept()
	meaning.SetCoding([]clincore.Coding{*clincore.NewCoding("http://loinc.org", "8867-4")})
	quantity := clincore.NewQuantity("72")
	quantity.SetUnit("beats/min")
	value := clincore.NewObservationValue()
	value.SetQuantity(*quantity)
	rate := clincore.NewObservation(*meaning)
	rate.SetValue(*value)
	wanted.SetObservations([]clincore.Observation{*rate})
	words := clincore.NewConcept()
	words.SetText("Appendectomy")
	performed := clincore.NewClinicalTime()
	performed.SetDateTime("1998")
	procedure := clincore.NewProcedure(*words)
	procedure.SetPerformed(*performed)
	wanted.SetProcedures([]clincore.Procedure{*procedure})
	made := good(admin.CasesAPI.CreateCase(admin.ctx).CaseInput(*wanted).Execute())
	check(made.Status == clincore.CASESTATUS_DRAFT && *made.Subject.Get().BirthDate == "1984-03", "%v", made)
	check(made.Observations[0].Value.Quantity.Value == "72", "%v", made)
	check(*made.Procedures[0].Performed.DateTime == "1998", "%v", made)
	shown := good(admin.CasesAPI.GetCase(admin.ctx, made.Id).Execute())
	check(shown.Title == made.Title && shown.Version == 1, "%v", shown)

	// Properties that a later version adds are kept, also in nested objects.
	later, _ := json.Marshal(made)
	later = bytes.Replace(later, []byte(`"beats/min"`), []byte(`"beats/min","precision":"1"`), 1)
	var read clincore.Case
	check(json.Unmarshal(later, &read) == nil, "a new property is refused: %s", later)
	kept := read.Observations[0].Value.Quantity.AdditionalProperties["precision"]
	check(kept == "1", "a new property is lost: %v", kept)

	// A merge patch: nil pointers stay, null removes.
	change := clincore.NewCaseChange()
	change.SetHistoryNil()
	change.SetPlan("Headache diary")
	changed := good(admin.CasesAPI.UpdateCase(admin.ctx, made.Id).IfMatch(`"1"`).CaseChange(*change).Execute())
	check(changed.History.Get() == nil && *changed.Plan.Get() == "Headache diary", "%v", changed)
	late := admin.CasesAPI.UpdateCase(admin.ctx, made.Id).IfMatch(`"1"`).CaseChange(*change)
	failed := refused[clincore.Problem](late.Execute())
	check(failed.Type == "/problems/precondition-failed", "%v", failed)

	finalize := admin.RecordsAPI.FinalizeCase(admin.ctx, made.Id).IfMatch(`"2"`).Signing(signing)
	final := good(finalize.Execute())
	check(final.Status == clincore.CASESTATUS_FINAL && *final.Revision.Get() == 1, "%v", final)
	document := good(admin.RecordsAPI.GetDocument(admin.ctx, made.Id).Execute())
	check(document.ResourceType == "Bundle" && document.AdditionalProperties["identifier"] != nil, "%v", document)

	revision := good(admin.RecordsAPI.GetRevision(admin.ctx, made.Id, 1).Execute())
	var sent clincore.RevisionToVerify
	kind, _ := json.Marshal(revision)
	check(json.Unmarshal(kind, &sent) == nil, "a revision cannot be sent back: %s", kind)
	verified := good(admin.RecordsAPI.VerifyRevision(context.Background()).RevisionToVerify(sent).Execute())
	check(verified.Valid, "%v", verified)

	erased := good(admin.RecordsAPI.EraseSubject(admin.ctx, made.Id).Execute())
	check(erased.Subject.Get() == nil && erased.Erased[0] == clincore.ERASABLEFIELD_SUBJECT, "%v", erased)

	list := admin.CasesAPI.ListCases(admin.ctx).Status(clincore.CASESTATUS_FINAL).CreatedSince(made.CreatedAt)
	page := good(list.Limit(1).Execute())
	check(len(page.Items) == 1 && page.Items[0].Id == made.Id, "%v", page)
	accesses := good(admin.RecordsAPI.ListCaseAccesses(admin.ctx, made.Id).Execute())
	check(len(accesses.Items) > 5, "%v", accesses)
}

// Responses that are not JSON, and errors.
func others(admin keyed) {
	from := time.Now().UTC().Add(-time.Hour).Truncate(time.Second)
	events := good(admin.AdminAPI.ExportUsageEvents(admin.ctx).From(from).To(from.Add(2 * time.Hour)).Execute())
	check(bytes.Contains([]byte(events), []byte(`"endpoint":"/cases"`)), "no events: %s", events)
	series := admin.AdminAPI.GetUsageTimeseries(admin.ctx).From(from).To(from.Add(2 * time.Hour))
	check(len(good(series.Bucket(clincore.USAGEBUCKET_HOUR).Execute()).Items) > 0, "no usage")
	page := good(client().DocsAPI.GetDocs(context.Background()).Execute())
	check(bytes.Contains([]byte(page), []byte("swagger-ui")), "no docs: %s", page)

	invalid := refused[clincore.ValidationProblem](admin.CasesAPI.CreateCase(admin.ctx).CaseInput(*clincore.NewCaseInput("")).Execute())
	check(invalid.Errors[0].Pointer == "/title", "%v", invalid)

	for *good(admin.UsageAPI.GetQuota(admin.ctx).Execute()).Remaining.Get() != 0 {
	}
	capped := refused[clincore.BillingProblem](admin.CasesAPI.CreateCase(admin.ctx).CaseInput(*clincore.NewCaseInput("x")).Execute())
	check(capped.Limit == 1000 && capped.BillingStatus == clincore.BILLINGSTATUS_FREE, "%v", capped)
}

func main() {
	admin := provision()
	for _, step := range []struct {
		name string
		does func(keyed)
	}{{"keys", keys}, {"a case", aCase}, {"others", others}} {
		step.does(admin)
		fmt.Printf("Go SDK: %s: passed\n", step.name)
	}
}
