using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Relo.Archive;
using Relo.Core.Bytes;

namespace Relo.Api.Ops;

/// <summary>Whether the service can do its work: the parts of /healthz/ready.</summary>
internal static class ArchiveHealth
{
    /// <summary>Registers the checks.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database").AddCheck<BlobHealth>("blobs").AddCheck<IndexHealth>("archive");
        return services;
    }

    // Looking for an object nobody can have uploaded (an upload is never empty) is one indexed read of the database.
    private sealed class DatabaseHealth(ObjectStore objects) : IHealthCheck
    {
        private static readonly Digest Nothing = Digest.Of([]);

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await objects.GetAsync(Nothing, cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }

    private sealed class BlobHealth(IOptions<ArchiveOptions> options) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var path = Path.Combine(options.Value.Root, $".probe-{Guid.NewGuid():n}");
            try
            {
                await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
                await file.WriteAsync(new byte[1], cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return HealthCheckResult.Unhealthy($"Archive:Root cannot be written: {e.Message}", e);
            }
        }
    }

    private sealed class IndexHealth(KernelIndex index) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            => Task.FromResult(index.IsLoaded ? HealthCheckResult.Healthy($"{index.Count} kernels") : HealthCheckResult.Unhealthy("the archive is not read in yet"));
    }
}
