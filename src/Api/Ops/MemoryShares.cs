using Microsoft.Extensions.Options;
using Relo.Api.Caching;
using Relo.Api.Http.Limits;

namespace Relo.Api.Ops;

/// <summary>
/// Reduces the memory settings to what the process can have. With a memory limit (a container, a systemd unit) the runtime's heap may use
/// three quarters of it; then the caches together get at most a quarter of the heap, uploads another, reports that are being sent a
/// third, and the rest is for the work itself and for the garbage collector. Opened kernels do not count: they are mapped file pages,
/// which the system reclaims when it needs them.
/// </summary>
internal sealed class MemoryShares(ILogger<MemoryShares> log)
{
    private const int Share = 4;
    private const int AnswerShare = 8; // mostly bytes that the caches hold anyway

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
        where T : class => services.AddSingleton(provider => Options.Create(provider.GetRequiredService<IOptionsMonitor<T>>().CurrentValue));

    private void Fit(ResultOptions caches)
    {
        var asked = Sum(caches);
        if (Fit(caches, _available))
            log.LogWarning("Caches are held to {Bytes} of the {Asked} bytes of Cache:ResultBytes, CompatibilityBytes and PackedBytes: the process may have {Available}", Sum(caches), asked, _available);
    }

    private void Fit(LimitOptions limits)
    {
        limits.ReportMemoryBytes = Math.Min(limits.ReportMemoryBytes, _available / Share);
        var (uploads, answers) = (limits.BodyBytes, limits.AnswerBytes);
        if (!Fit(limits, _available)) return;
        log.LogWarning(
            "Uploads are held to {Bytes} of the {Asked} bytes of Limits:BodyBytes, answers to {AnswerBytes} of the {AskedAnswers} of Limits:AnswerBytes: the process may have {Available}",
            limits.BodyBytes, uploads, limits.AnswerBytes, answers, _available);
    }

    /// <summary>Reduces the caches in proportion; returns whether it did.</summary>
    internal static bool Fit(ResultOptions caches, long availableBytes)
    {
        var (asked, room) = (Sum(caches), availableBytes / Share);
        if (asked <= room) return false;
        caches.ResultBytes = Part(caches.ResultBytes);
        caches.CompatibilityBytes = Part(caches.CompatibilityBytes);
        caches.PackedBytes = Part(caches.PackedBytes);
        return true;

        long Part(long bytes) => (long)(bytes / asked * room);
    }

    /// <summary>
    /// Reduces the memory of uploads and of responses, but not below the need of the largest object; returns whether it did.
    /// </summary>
    internal static bool Fit(LimitOptions limits, long availableBytes)
    {
        var (uploads, answers) = (limits.BodyBytes, limits.AnswerBytes);
        limits.BodyBytes = Math.Min(uploads, Math.Max(availableBytes / Share, limits.LeastBodyBytes));
        limits.AnswerBytes = Math.Min(answers, Math.Max(availableBytes / AnswerShare, limits.LeastAnswerBytes));
        return limits.BodyBytes < uploads || limits.AnswerBytes < answers;
    }

    // The sum of the settings may overflow a long.
    private static decimal Sum(ResultOptions caches) => (decimal)caches.ResultBytes + caches.CompatibilityBytes + caches.PackedBytes;
}
