using Microsoft.Extensions.Diagnostics.HealthChecks;
using Relo.Archive.Index;
using Relo.Archive.Upkeep;

namespace Relo.Api.Ops;

/// <summary>The parts of /healthz/ready, as the archive reports them.</summary>
internal sealed class ArchiveHealth(ArchiveProbe probe) : IHealthCheck
{
    private static readonly string[] Parts = ["database", "blobs", "archive"];

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var part = (await probe.ProbeAsync(cancellationToken)).Single(result => result.Part == context.Registration.Name);
        return part.Status switch
        {
            ProbeStatus.Healthy => HealthCheckResult.Healthy(part.Detail),
            ProbeStatus.Degraded => HealthCheckResult.Degraded(part.Detail), // 200, because most requests still work
            ProbeStatus.Unhealthy => HealthCheckResult.Unhealthy(part.Detail),
            var other => throw new InvalidOperationException($"{other}"),
        };
    }

    /// <summary>Registers a check for each part.</summary>
    public static void Add(IHealthChecksBuilder checks)
    {
        foreach (var part in Parts) checks.AddCheck<ArchiveHealth>(part);
    }
}
