using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Relo.Api.Access;
using Relo.Api.Http;
using Relo.Api.Kernels;
using Relo.Api.OpenApi;
using Relo.Api.Ops;
using Relo.Api.Relocations;
using Relo.Archive;
using static Relo.Api.Http.ProblemKinds;

namespace Relo.Api;

/// <summary>The whole route table.</summary>
internal static class Routes
{
    // Framework routing answers HEAD with 405 where only GET is mapped.
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps every route.</summary>
    public static void MapRoutes(this WebApplication app)
    {
        var v1 = app.MapGroup("/v1").WithMetadata(new RouteAccess(IsWrite: false));

        v1.MapPost("/relocations", RelocateRoute.Handle).Takes(Upload.Object).Answers<ReportDocument>(also: ["application/octet-stream", "application/zip"])
            .Fails(InvalidKernel, InvalidParameter, EmptyBody, InvalidBody, DigestMismatch, KernelNotFound, NotAcceptable, KernelAmbiguous, BodyTooLarge,
                UnsupportedMediaType, NotABpfObject, MalformedObject, NoBtf, ProblemKinds.RelocationFailed, ProblemKinds.RelocationUnusable);
        v1.MapMethods("/relocations/{objectDigest}/{btfDigest}", Read, GetRelocationRoute.Report).Answers<ReportDocument>()
            .Fails(InvalidParameter, ObjectNotFound, BtfNotFound, ProblemKinds.RelocationFailed);
        v1.MapMethods("/relocations/{objectDigest}/{btfDigest}/object", Read, GetRelocationRoute.Object).Sends("application/octet-stream")
            .Fails(InvalidParameter, ObjectNotFound, BtfNotFound, RangeNotSatisfiable, ProblemKinds.RelocationFailed);

        v1.MapMethods("/kernels", Read, ListKernelsRoute.Handle).Answers<KernelPage>().Fails(InvalidParameter);
        v1.MapMethods("/kernels/resolve", Read, ResolveKernelRoute.Handle).Answers<ResolvedKernel>().Fails(InvalidKernel, KernelNotFound, KernelAmbiguous);
        v1.MapMethods("/kernels/btf", Read, GetKernelBtfRoute.Handle).Sends("application/octet-stream")
            .Fails(InvalidKernel, KernelNotFound, KernelAmbiguous, RangeNotSatisfiable);
        v1.MapMethods("/btf/{digest}", Read, GetBtfRoute.Handle).Sends("application/octet-stream").Fails(InvalidParameter, BtfNotFound, RangeNotSatisfiable);
        v1.MapPost("/kernels", AddKernelRoute.Handle).NeedsKey().Takes(Upload.KernelFile).Answers<Kernel>(StatusCodes.Status201Created, StatusCodes.Status200OK)
            .Fails(InvalidKernel, EmptyBody, InvalidBody, DigestMismatch, KernelConflict, BodyTooLarge, UnsupportedMediaType, InvalidBtf, UnrecognisedKernelFile);
        v1.MapDelete("/kernels", DeleteKernelRoute.Handle).NeedsKey().AnswersNothing().Fails(InvalidKernel, KernelNotFound, KernelAmbiguous);

        app.MapMethods("/problems", Read, ProblemPage.List).Answers<IReadOnlyCollection<ProblemKind>>(also: ["text/html"]);
        app.MapMethods("/problems/{code}", Read, ProblemPage.Get).Answers<ProblemKind>(also: ["text/html"]).Fails(NotFound);
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthAnswer.WriteAsync });
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { ResponseWriter = HealthAnswer.WriteAsync });
    }

    private static RouteHandlerBuilder NeedsKey(this RouteHandlerBuilder route) => route.WithMetadata(new RouteAccess(IsWrite: true)).Fails(KeyRequired, KeyRefused);
}
