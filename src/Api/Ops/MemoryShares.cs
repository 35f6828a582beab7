using Microsoft.Extensions.Options;
using Relo.Api.Caching;
using Relo.Api.Http.Limits;

namespace Relo.Api.Ops;

/// <summary>
/// Settings of memory are for a machine that has it. In a container, or under a unit with a limit, the runtime's heap may have three quarters of that limit; then the
/// caches together have at most a quarter of the heap, uploads another, reports that are being sent a third, and the rest is for what is made of them and for the
/// collector to work in.
/// Opened kernels do not count: they are pages of files, which the system takes back when it needs them.
/// </summary>
internal sealed class MemoryShares(ILogger<MemoryShares> log)
{
    private const int Share = 4;
    private const int AnswerShare = 8; // mostly of what the caches hold anyway

    private readonly long _available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Fits the settings into what the process may have, and says so where that changes them.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<MemoryShares>();
        services.AddOptions<ResultOptions>().PostConfigure<MemoryShares>((caches, shares) => shares.Fit(caches));
        services.AddOptions<LimitOptions>().PostConfigure<MemoryShares>((limits, shares) => shares.Fit(limits));
        MakeOnce<ResultOptions>(services);
        MakeOnce<LimitOptions>(services);
    }

    // The check at the start makes its own otherwise, and what is made twice is told twice.
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

    /// <summary>Lessens the caches in proportion; whether it had to.</summary>
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

    /// <summary>Lessens the memory of uploads and of answers, but not to less than the largest object needs; whether it had to.</summary>
    internal static bool Fit(LimitOptions limits, long availableBytes)
    {
        var (uploads, answers) = (limits.BodyBytes, limits.AnswerBytes);
        limits.BodyBytes = Math.Min(uploads, Math.Max(availableBytes / Share, limits.LeastBodyBytes));
        limits.AnswerBytes = Math.Min(answers, Math.Max(availableBytes / AnswerShare, limits.LeastAnswerBytes));
        return limits.BodyBytes < uploads || limits.AnswerBytes < answers;
    }

    // Nobody has more than fits into a long; but settings may say so.
    private static decimal Sum(ResultOptions caches) => (decimal)caches.ResultBytes + caches.CompatibilityBytes + caches.PackedBytes;
}
