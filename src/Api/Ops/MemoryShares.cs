using Microsoft.Extensions.Options;
using Relo.Api.Caching;
using Relo.Api.Http.Limits;

namespace Relo.Api.Ops;

/// <summary>
/// Reduces the memory settings to the memory of the process. With a memory limit (a container, a systemd unit) the runtime's heap may use
/// 55 % of it (Api.csproj); of that, the caches together get at most a sixteenth and requests at most two fifths. The rest is for the
/// service itself and for the garbage collector. Opened kernels do not count: they are mapped file pages, which the system reclaims when
/// it needs them.
/// </summary>
internal sealed class MemoryShares(ILogger<MemoryShares> log)
{
    private const int CachePart = 16;

    // Measured when an allocation failed: the collector's own or free memory was 80 of 281 MiB. Opening a kernel the first time also needs
    // memory.
    private const double RequestPart = 0.4;

    private readonly long _available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Reduces the settings to the memory of the process, and logs each change.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<MemoryShares>();
        services.AddOptions<ResultOptions>().PostConfigure<MemoryShares>((caches, shares) => shares.Fit(caches));
        services.AddOptions<LimitOptions>().PostConfigure<MemoryShares>((limits, shares) => shares.Fit(limits));
        MakeOnce<ResultOptions>(services);
        MakeOnce<LimitOptions>(services);
    }

    // Otherwise the check at the start creates its own options, and each change is logged twice.
    private static void MakeOnce<T>(IServiceCollection services)
        where T : class => services.AddSingleton(
            provider => Options.Create(provider.GetRequiredService<IOptionsMonitor<T>>().CurrentValue));

    private void Fit(ResultOptions caches)
    {
        var asked = Sum(caches);
        if (Fit(caches, _available))
            log.LogWarning("Caches are limited to {Bytes} bytes instead of the {Asked} of Cache:ResultBytes, CompatibilityBytes and "
                + "PackedBytes: "
                + "the process may use {Available}", Sum(caches), asked, _available);
    }

    private void Fit(LimitOptions limits)
    {
        var (asked, largest) = (limits.MemoryBytes, limits.ObjectBytes);
        if (!Fit(limits, _available)) return;
        log.LogWarning("Requests are limited to {Bytes} bytes instead of the {Asked} of Limits:MemoryBytes: the process may use "
            + "{Available}",
            limits.MemoryBytes, asked, _available);
        if (limits.ObjectBytes < largest)
            log.LogWarning("Objects are limited to {Bytes} bytes instead of the {Asked} of Limits:ObjectBytes: requests need five times "
                + "as much",
                limits.ObjectBytes, largest);
    }

    /// <summary>Reduces the caches in proportion; returns whether it did.</summary>
    internal static bool Fit(ResultOptions caches, long availableBytes)
    {
        var (asked, room) = (Sum(caches), availableBytes / CachePart);
        if (asked <= room) return false;
        caches.ResultBytes = Part(caches.ResultBytes);
        caches.CompatibilityBytes = Part(caches.CompatibilityBytes);
        caches.PackedBytes = Part(caches.PackedBytes);
        return true;

        long Part(long bytes) => (long)(bytes / asked * room);
    }

    /// <summary>Reduces the memory of requests, and the largest object to what fits; returns whether it did.</summary>
    internal static bool Fit(LimitOptions limits, long availableBytes)
    {
        var room = (long)(availableBytes * RequestPart);
        if (limits.MemoryBytes <= room) return false;
        limits.MemoryBytes = room;
        limits.ObjectBytes = Math.Min(limits.ObjectBytes, room / LimitOptions.MemoryPerObject);
        return true;
    }

    // The sum of the settings may overflow a long.
    private static decimal Sum(ResultOptions caches) => (decimal)caches.ResultBytes + caches.CompatibilityBytes + caches.PackedBytes;
}
