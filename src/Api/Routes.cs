using System.Net.Mime;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Relo.Api.Access;
using Relo.Api.Audit;
using Relo.Api.BtfHubOnline;
using Relo.Api.Bundles;
using Relo.Api.Compatibility;
using Relo.Api.Diagnoses;
using Relo.Api.Docs;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Entry;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Api.Kernels;
using Relo.Api.MinimalBtf;
using Relo.Api.Objects;
using Relo.Api.OpenApi;
using Relo.Api.Ops;
using Relo.Api.Relocations;
using Relo.Api.Scripts;
using Relo.Api.Signing;
using Relo.Api.Trust;
using Relo.Api.Types;
using Relo.Archive.Sync;
using static Relo.Api.Http.Problems.ProblemKinds;
using AuditPage = Relo.Archive.Audit.AuditPage;
using Kernel = Relo.Archive.Kernels.Kernel;
using KernelPage = Relo.Archive.Kernels.KernelPage;

namespace Relo.Api;

/// <summary>The whole route table.</summary>
internal static class Routes
{
    // Framework routing answers HEAD with 405 where only GET is mapped.
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps every route.</summary>
    public static void MapRoutes(this WebApplication app)
    {
        var v1 = app.MapGroup("/v1").Needs(Scope.Read).IsStrict();

        v1.MapPost("/relocations", RelocateRoute.Handle).Needs(Scope.Relocate).Takes(Upload.Object)
            .Answers<ReportDocument>(also: ["application/octet-stream", "application/zip", ReadableForms.Text, ReadableForms.Markdown])
            .Fails(ReportTooLarge, InvalidKernel, EmptyBody, InvalidBody, DigestMismatch, KernelNotFound, UpstreamUnavailable,
                KernelAmbiguous, BodyTooLarge, UnsupportedMediaType, NotABpfObject, MalformedObject, NoBtf, AlreadyRelocated,
                RelocationFailed, RelocationUnusable, TooManyRequests, TimeExceeded);
        v1.MapMethods("/relocations/{objectDigest}/{btfDigest}", Read, GetRelocationRoute.Report).Needs(Scope.Relocate)
            .Answers<ReportDocument>(also: [ReadableForms.Text, ReadableForms.Markdown])
            .Fails(BodyTooLarge, ReportTooLarge, ObjectNotFound, BtfNotFound, AlreadyRelocated, RelocationFailed, TooManyRequests,
                TimeExceeded);
        v1.MapMethods("/relocations/{objectDigest}/{btfDigest}/object", Read, GetRelocationRoute.Object).Needs(Scope.Relocate)
            .Sends("application/octet-stream")
            .Fails(BodyTooLarge, ObjectNotFound, BtfNotFound, RangeNotSatisfiable, AlreadyRelocated, RelocationFailed, TooManyRequests,
                TimeExceeded);

        v1.MapMethods("/relocations/{objectDigest}/{btfDigest}/attestation", Read, GetAttestationRoute.OfRelocation).Needs(Scope.Relocate)
            .SendsEither(Dsse.MediaType, SigstoreBundle.Type)
            .Fails(BodyTooLarge, ObjectNotFound, BtfNotFound, SigningOff, SigningFailed, AlreadyRelocated, RelocationFailed,
                TooManyRequests, TimeExceeded);
        v1.MapMethods("/keys", Read, ListKeysRoute.Handle).Answers<SigningKeyList>(also: [ListKeysRoute.PemType])
            .Fails(SigningOff);

        v1.MapPost("/minimal-btf", MakeMinimalBtfRoute.Handle).Needs(Scope.Relocate).MayTakeLong().Takes(Upload.Object)
            .SendsEither("application/octet-stream", "application/gzip")
            .Fails(InvalidKernel, EmptyBody, InvalidBody, DigestMismatch, KernelNotFound, UpstreamUnavailable, KernelAmbiguous,
                BodyTooLarge, UnsupportedMediaType, NotABpfObject, MalformedObject, NoBtf, AlreadyRelocated, RelocationFailed,
                TooManyRequests, TimeExceeded);

        v1.MapPost("/bundles", MakeBundleRoute.Handle).Needs(Scope.Relocate).MayTakeLong().Takes(Upload.ObjectOrRef)
            .SendsEither("application/zip", "application/gzip")
            .Fails(ReportTooLarge, EmptyBody, InvalidBody, DigestMismatch, ObjectNotFound, KernelNotFound, BodyTooLarge,
                UnsupportedMediaType, NotABpfObject, MalformedObject, NoBtf, AlreadyRelocated, RelocationFailed, RelocationUnusable,
                TooManyRequests, TimeExceeded);

        v1.MapPost("/compatibility", CheckCompatibilityRoute.Handle).Needs(Scope.Relocate).MayTakeLong().Takes(Upload.ObjectOrRef)
            .Answers<CompatibilityDocument>(
                also: [CompatibilityLines.MediaType, CompatibilitySarif.MediaType, ReadableForms.Text, ReadableForms.Markdown])
            .Fails(ReportTooLarge, EmptyBody, InvalidBody, DigestMismatch, ObjectNotFound, KernelNotFound, BodyTooLarge,
                UnsupportedMediaType, NotABpfObject, MalformedObject, NoBtf, AlreadyRelocated, ProblemKinds.IncompatibleKernels,
                TimeExceeded);

        v1.MapPost("/diagnoses", DiagnoseRoute.Handle).Needs(Scope.Relocate).MayTakeLong().Takes(Upload.ObjectAndLog)
            .Answers<DiagnosisDocument>(also: [ReadableForms.Text, ReadableForms.Markdown])
            .Fails(InvalidKernel, EmptyBody, InvalidBody, DigestMismatch, ObjectNotFound, KernelNotFound, UpstreamUnavailable,
                KernelAmbiguous, BodyTooLarge, UnsupportedMediaType, NotABpfObject, MalformedObject, NoBtf, AlreadyRelocated,
                TooManyRequests, TimeExceeded);

        v1.MapPost("/objects", AddObjectRoute.Handle).Needs(Scope.Objects).Takes(Upload.Object).AnswersCreated<ObjectDocument>()
            .Fails(ReportTooLarge, EmptyBody, InvalidBody, DigestMismatch, SignatureRequired, BodyTooLarge, UnsupportedMediaType,
                NotABpfObject, MalformedObject, NoBtf, AlreadyRelocated);
        v1.MapMethods("/objects", Read, ListObjectsRoute.Handle).MayTakeLong().Answers<ObjectList>()
            .Fails(BodyTooLarge, TooManyRequests, TimeExceeded);
        v1.MapMethods("/objects/{ref}", Read, GetObjectRoute.Handle).Answers<ObjectDocument>()
            .Fails(BodyTooLarge, ReportTooLarge, ObjectNotFound);
        v1.MapMethods("/objects/{ref}/file", Read, GetObjectFileRoute.Handle).Sends("application/octet-stream")
            .Fails(ObjectNotFound, RangeNotSatisfiable);
        v1.MapMethods("/objects/{ref}/kernels", Read, CheckKeptObjectRoute.Handle).Needs(Scope.Relocate).MayTakeLong()
            .Answers<CompatibilityDocument>(
                also: [CompatibilityLines.MediaType, CompatibilitySarif.MediaType, ReadableForms.Text, ReadableForms.Markdown])
            .Fails(ReportTooLarge, ObjectNotFound, KernelNotFound, BodyTooLarge, AlreadyRelocated, ProblemKinds.IncompatibleKernels,
                TooManyRequests, TimeExceeded);
        v1.MapDelete("/objects/{ref}", DeleteObjectRoute.Handle).Needs(Scope.Objects).AnswersNothing().Fails(ObjectNotFound);
        v1.MapMethods("/relocated/{ref}", Read, GetRelocatedRoute.Handle).Needs(Scope.Relocate).Sends("application/octet-stream")
            .Answers<ReportDocument>(also: [ReadableForms.Text, ReadableForms.Markdown])
            .Fails(BodyTooLarge, ReportTooLarge, InvalidKernel, ObjectNotFound, KernelNotFound, UpstreamUnavailable, KernelAmbiguous,
                RangeNotSatisfiable, AlreadyRelocated, RelocationFailed, RelocationUnusable, TooManyRequests, TimeExceeded);

        v1.MapMethods("/relocated/{ref}/attestation", Read, GetAttestationRoute.OfRelocated).Needs(Scope.Relocate)
            .SendsEither(Dsse.MediaType, SigstoreBundle.Type)
            .Fails(BodyTooLarge, InvalidKernel, ObjectNotFound, KernelNotFound, UpstreamUnavailable, KernelAmbiguous, SigningOff,
                SigningFailed, AlreadyRelocated, RelocationFailed, RelocationUnusable, TooManyRequests, TimeExceeded);

        v1.MapMethods("/kernels", Read, ListKernelsRoute.Handle).Answers<KernelPage>();
        v1.MapMethods("/kernels/coverage", Read, CountKernelsRoute.Handle).Answers<KernelCoverage>();
        v1.MapMethods("/coverage", Read, GetCoverageRoute.Handle).Answers<Coverage>();
        v1.MapMethods("/kernels/resolve", Read, ResolveKernelRoute.Handle).Answers<ResolvedKernel>()
            .Fails(InvalidKernel, KernelNotFound, UpstreamUnavailable, KernelAmbiguous);
        v1.MapMethods("/kernels/btf", Read, GetKernelBtfRoute.Handle).Sends("application/octet-stream")
            .Fails(InvalidKernel, KernelNotFound, UpstreamUnavailable, KernelAmbiguous, RangeNotSatisfiable);
        v1.MapMethods("/features", Read, GetFeaturesRoute.Handle).Answers<FeatureDocument>()
            .Fails(InvalidKernel, KernelNotFound, UpstreamUnavailable, KernelAmbiguous, TooManyRequests, TimeExceeded);
        v1.MapMethods("/types", Read, SearchTypesRoute.Handle).Answers<TypeHitPage>()
            .Fails(InvalidKernel, KernelNotFound, UpstreamUnavailable, KernelAmbiguous, TooManyRequests, TimeExceeded);
        v1.MapMethods("/types/{name}", Read, DescribeTypeRoute.Handle).Answers<TypeDocument>(also: [PlainText.MediaType])
            .Fails(InvalidKernel, KernelNotFound, TypeNotFound, UpstreamUnavailable, KernelAmbiguous, ReportTooLarge, TooManyRequests,
                TimeExceeded);
        v1.MapMethods("/types/{name}/diff", Read, CompareTypesRoute.Handle).Answers<TypeDiffDocument>(also: [PlainText.MediaType])
            .Fails(InvalidKernel, KernelNotFound, TypeNotFound, UpstreamUnavailable, KernelAmbiguous, ReportTooLarge, TooManyRequests,
                TimeExceeded);
        v1.MapMethods("/types/{name}/history", Read, DescribeHistoryRoute.Handle)
            .Answers<TypeHistoryDocument>(also: [PlainText.MediaType])
            .Fails(KernelNotFound, TypeNotFound, ReportTooLarge, TooManyRequests, TimeExceeded);
        v1.MapMethods("/types/{name}/uses", Read, FindUsesRoute.Handle).Answers<TypeUsePage>()
            .Fails(InvalidKernel, KernelNotFound, TypeNotFound, UpstreamUnavailable, KernelAmbiguous, TooManyRequests, TimeExceeded);
        v1.MapMethods("/vmlinux.h", Read, GetVmlinuxHeaderRoute.Handle).Sends(PlainText.MediaType)
            .Fails(InvalidKernel, KernelNotFound, UpstreamUnavailable, KernelAmbiguous, ReportTooLarge, RangeNotSatisfiable,
                TooManyRequests, TimeExceeded);
        v1.MapMethods("/btf/{digest}", Read, GetBtfRoute.Handle).Sends("application/octet-stream").Fails(BtfNotFound, RangeNotSatisfiable);
        v1.MapPost("/kernels", AddKernelRoute.Handle).Needs(Scope.Kernels).MayTakeLong().Takes(Upload.KernelFile).AnswersCreated<Kernel>()
            .Fails(InvalidKernel, EmptyBody, InvalidBody, DigestMismatch, KernelConflict, BodyTooLarge, UnsupportedMediaType, InvalidBtf,
                UnrecognisedKernelFile, TimeExceeded);
        v1.MapDelete("/kernels", DeleteKernelRoute.Handle).Needs(Scope.Kernels).AnswersNothing()
            .Fails(InvalidKernel, KernelNotFound, KernelAmbiguous);

        v1.MapMethods("/audit", Read, ListAuditRoute.Handle).Needs(Scope.Audit).Answers<AuditPage>();

        // The addresses, parameters and formats of btfhub-online, for its users.
        var btfHub = app.MapGroup("/api/v1").Needs(Scope.Read);
        btfHub.MapMethods("/list", Read, ListBtfRoute.Handle).Answers<IReadOnlyList<BtfRecordIdentifier>>();
        btfHub.MapMethods("/download", Read, DownloadBtfRoute.Handle).Sends("application/octet-stream")
            .Fails(InvalidKernel, InvalidParameter, KernelNotFound, UpstreamUnavailable, KernelAmbiguous, RangeNotSatisfiable);
        btfHub.MapPost("/customize", CustomizeRoute.Handle).Needs(Scope.Relocate).Takes(Upload.BpfField)
            .SendsEither("application/octet-stream")
            .Fails(InvalidKernel, InvalidParameter, EmptyBody, InvalidBody, DigestMismatch, KernelNotFound, UpstreamUnavailable,
                KernelAmbiguous, BodyTooLarge, UnsupportedMediaType, NotABpfObject, MalformedObject, NoBtf, AlreadyRelocated,
                RelocationFailed, TooManyRequests, TimeExceeded);

        // For everybody: probes, scrapers, browsers and nodes that have no key yet.
        var open = app.MapGroup("").Needs(Scope.None).DisableRateLimiting();
        open.MapMethods("/fetch.sh", Read, FetchScript.Handle).IsStrict().Sends("text/plain");
        open.MapMethods("/relo-check.sh", Read, CheckScript.Handle).IsStrict().Sends("text/plain");
        open.MapMethods("/problems", Read, ProblemPage.List).IsStrict().Answers<IReadOnlyCollection<ProblemKind>>(also: ["text/html"]);
        open.MapMethods("/problems/{code}", Read, ProblemPage.Get).IsStrict().Answers<ProblemKind>(also: ["text/html"]).Fails(NotFound);
        // A name with a dot is a file beside the pages: a picture, the style sheet.
        open.MapMethods("/docs", Read, DocRoute.Contents).IsStrict().SendsEither("text/html", DocRoute.Markdown).ExcludeFromDescription();
        open.MapMethods("/docs/{page:regex(^[^.]+$)}", Read, DocRoute.Page).IsStrict().SendsEither("text/html", DocRoute.Markdown)
            .ExcludeFromDescription();
        var json = new OfferedForms([MediaTypeNames.Application.Json]);
        var metrics = new OfferedForms(["text/plain", "application/openmetrics-text"]);
        open.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(metrics);
        open.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthAnswer.WriteAsync })
            .WithMetadata(json);
        open.MapHealthChecks("/healthz/ready", new HealthCheckOptions { ResponseWriter = HealthAnswer.WriteAsync }).WithMetadata(json);
        open.MapPrometheusScrapingEndpoint("/monitoring/metrics").WithMetadata(metrics);
        open.MapHealthChecks("/monitoring/health", new HealthCheckOptions
        {
            Predicate = _ => false,
            ResponseWriter = (http, _) => http.Response.WriteAsJsonAsync(new { }, http.RequestAborted)
        });
    }

    // A route's own metadata comes after that of its group, and the last one counts.
    private static T Needs<T>(this T route, Scope scope)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(scope));
}
