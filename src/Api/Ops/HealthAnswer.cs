using System.Net.Mime;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Relo.Api.Http.Json;

namespace Relo.Api.Ops;

/// <summary>
/// The response of /healthz/live and /healthz/ready: 200 or 503, and the state of each part.
/// <code>curl http://localhost:8080/healthz/ready</code>
/// </summary>
internal static class HealthAnswer
{
    /// <summary>Writes the response.</summary>
    public static Task WriteAsync(HttpContext http, HealthReport report)
    {
        var parts = report.Entries.ToDictionary(e => e.Key, e => new Part(e.Value.Status, e.Value.Description));
        http.Response.ContentType = MediaTypeNames.Application.Json;
        return http.Response.Body.WriteAsync(ApiJson.Write(http.Request, new Answer(report.Status, parts)), http.RequestAborted).AsTask();
    }

    private sealed record Answer(HealthStatus Status, IReadOnlyDictionary<string, Part> Checks);

    private sealed record Part(HealthStatus Status, string? Detail);
}
