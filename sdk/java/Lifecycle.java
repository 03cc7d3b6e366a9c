import com.example.clincore.ApiClient;
import com.example.clincore.ApiException;
import com.example.clincore.api.AdminApi;
import com.example.clincore.api.AuthApi;
import com.example.clincore.api.BootstrapApi;
import com.example.clincore.api.CasesApi;
import com.example.clincore.api.RecordsApi;
import com.example.clincore.model.*;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * A program that uses the generated Java client against a running service.
 *
 * <p>CLINCORE is the service's URL, BOOTSTRAP_TOKEN its token. Any exception means that the service, the contract or the
 * client is wrong.
 */
public final class Lifecycle {
    private static final ObjectMapper JSON = new ApiClient().getObjectMapper();

    interface Call<T> {
        T run() throws ApiException;
    }

    private static void check(boolean holds, Object found) {
        if (!holds) {
            throw new AssertionError(found);
        }
    }

    private static ApiClient client(String header, String value) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(System.getenv("CLINCORE"));
        return client.setRequestInterceptor(request -> request.header(header, value));
    }

    private static ApiClient withKey(String key) {
        return client("X-API-Key", key);
    }

    /** The problem document, which must have this status and code. */
    private static <T> ValidationProblem refused(Call<T> call, int status, String code) throws Exception {
        try {
            throw new AssertionError("instead of " + status + ": " + call.run());
        } catch (ApiException refusal) {
            ValidationProblem problem = JSON.readValue(refusal.getResponseBody(), ValidationProblem.class);
            check(refusal.getCode() == status && problem.getType().equals("/problems/" + code), refusal);
            return problem;
        }
    }

    public static void main(String[] arguments) throws Exception {
        ApiClient operator = client("Authorization", "Bearer " + System.getenv("BOOTSTRAP_TOKEN"));
        TenantInput wanted = new TenantInput().tenantName("java-sdk-" + System.nanoTime()).role(Role.ADMIN);
        ProvisionedTenant made = new BootstrapApi(operator).bootstrapTenant(wanted, null);
        refused(() -> new BootstrapApi(operator).bootstrapTenant(wanted, null), 409, "tenant-name-taken");
        ApiClient admin = withKey(made.getApiKey());

        keys(admin);
        System.out.println("Java SDK: keys: passed");
        aCase(admin);
        System.out.println("Java SDK: a case: passed");
    }

    /** Create, rotate and revoke. */
    private static void keys(ApiClient admin) throws Exception {
        ApiKeyInput wanted = new ApiKeyInput().label("reporting job").expiresAt(OffsetDateTime.parse("2099-01-01T00:00:00Z"));
        ApiClient user = withKey(new AdminApi(admin).createApiKey(wanted, null).getApiKey());
        refused(() -> new AdminApi(user).listApiKeys(null, null), 403, "role-required");

        // The client sends null for an omitted body.
        IssuedApiKey rotated = new AuthApi(user).rotateApiKey(null, null);
        check(rotated.getLabel().equals("reporting job") && rotated.getExpiresAt().getYear() == 2099, rotated);
        ApiKeyDetails revoked = new AdminApi(admin).revokeApiKey(rotated.getId(), null);
        check(revoked.getRevokedAt() != null, revoked);
        refused(() -> new AuthApi(user).getCaller(), 401, "key-revoked");
    }

    /** Create, change, sign, verify and erase a case, and read its FHIR document. */
    private static void aCase(ApiClient admin) throws Exception {
        CasesApi cases = new CasesApi(admin);
        RecordsApi records = new RecordsApi(admin);
        Identifier identifier = new Identifier().system("urn:oid:1.2.36.146.595.217.0.1").value("P-10082");
        Concept meaning = new Concept().coding(List.of(new Coding().system("http://loinc.org").code("8867-4")));
        ObservationValue value = new ObservationValue().quantity(new Quantity().value("72").unit("beats/min"));
        ClinicalTime performed = new ClinicalTime().dateTime("1998");
        CaseInput wanted = new CaseInput()
                .title("Consultation for migraine")
                .subject(new Subject().identifiers(List.of(identifier)).birthDate("1984-03").gender(Gender.FEMALE))
                .author(new Party().name("Dr. Grete Beispiel"))
                .observations(List.of(new Observation().code(meaning).value(value)))
                .procedures(List.of(new Procedure().code(new Concept().text("Appendectomy")).performed(performed)));
        ClinicalCase made = cases.createCase(wanted, null);
        check(made.getStatus() == CaseStatus.DRAFT && made.getSubject().getBirthDate().equals("1984-03"), made);
        check(made.getObservations().get(0).getValue().getQuantity().getValue().equals("72"), made);
        check(made.getProcedures().get(0).getPerformed().getDateTime().equals("1998"), made);
        check(cases.getCase(made.getId(), null).equals(made), made);

        // Properties that a later version adds are kept, also in nested objects.
        String later = JSON.writeValueAsString(made).replace("\"beats/min\"", "\"beats/min\",\"precision\":\"1\"");
        CaseQuantity read = JSON.readValue(later, ClinicalCase.class).getObservations().get(0).getValue().getQuantity();
        check("1".equals(read.getAdditionalProperty("precision")), later);

        CaseChange change = new CaseChange().plan("Headache diary");
        ClinicalCase changed = cases.updateCase(made.getId(), "\"1\"", change, null);
        check(changed.getPlan().equals("Headache diary") && changed.getObservations().size() == 1, changed);
        refused(() -> cases.updateCase(made.getId(), "\"1\"", change, null), 412, "precondition-failed");

        Signing signing = new Signing().signer(new Signer().name("Dr. Grete Beispiel")).meaning(SignatureMeaning.AUTHORSHIP);
        check(records.finalizeCase(made.getId(), "\"2\"", signing, null).getRevision() == 1, "another revision");
        FhirDocument document = records.getDocument(made.getId(), null, null);
        check(document.getAdditionalProperty("identifier") != null, document);

        String revision = JSON.writeValueAsString(records.getRevision(made.getId(), 1));
        Verification verification = records.verifyRevision(JSON.readValue(revision, RevisionToVerify.class));
        check(verification.getValid(), verification);
        check(records.eraseSubject(made.getId(), null, null).getSubject() == null, "the subject was not erased");

        ValidationProblem problem = refused(() -> cases.createCase(new CaseInput().title(""), null), 400, "validation-failed");
        check(problem.getErrors().get(0).getPointer().equals("/title"), problem);
    }
}
