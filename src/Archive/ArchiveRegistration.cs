using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Relo.Archive;

/// <summary>Makes the archive known to a host.</summary>
public static class ArchiveRegistration
{
    /// <summary>Registers everything of the archive as singletons, with options from the sections <c>Archive</c>, <c>Cache</c> and <c>Objects</c>. Call <see cref="ArchiveStartup.StartAsync"/> before use.</summary>
    public static IServiceCollection AddArchive(this IServiceCollection services, IConfiguration configuration) => throw new NotSupportedException();
}
