using Microsoft.Extensions.Options;

namespace Relo.Api.Http.Limits;

/// <summary>Refuses to start with impossible limits.</summary>
internal sealed class LimitOptionsCheck : IValidateOptions<LimitOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var faults = new List<string>();
        // Objects are in memory, and kernel files are mapped as one span; both have int lengths in .NET.
        if (options.ObjectBytes is < 1024 or > 1 << 30)
            faults.Add($"Limits:ObjectBytes is {options.ObjectBytes}, expected 1024 to {1 << 30}");
        if (options.KernelFileBytes is < 1024 or > int.MaxValue)
            faults.Add($"Limits:KernelFileBytes is {options.KernelFileBytes}, expected 1024 to {int.MaxValue}");
        if (options.MemoryBytes < options.LeastMemoryBytes)
            faults.Add($"Limits:MemoryBytes is {options.MemoryBytes}, expected at least {options.LeastMemoryBytes}, five times "
                + "Limits:ObjectBytes");
        if (options.LongWork < 1) faults.Add($"Limits:LongWork is {options.LongWork}, expected 1 or more");
        if (options.KernelUploadBytes < options.KernelFileBytes)
            faults.Add($"Limits:KernelUploadBytes is {options.KernelUploadBytes}, expected at least {options.KernelFileBytes}, as "
                + "Limits:KernelFileBytes");
        if (options.ReportBytes < 1024) faults.Add($"Limits:ReportBytes is {options.ReportBytes}, expected 1024 or more");
        if (options.KernelFiles < 1) faults.Add($"Limits:KernelFiles is {options.KernelFiles}, expected 1 or more");
        if (options.BodyBytesPerSecond is not (>= 1 and <= 1 << 30))
            faults.Add($"Limits:BodyBytesPerSecond is {options.BodyBytesPerSecond}, expected 1 to {1 << 30}");
        faults.AddRange(TimesOf(options).Where(limit => limit.Time <= TimeSpan.Zero || limit.Time > Longest)
            .Select(limit => $"Limits:{limit.Setting} is {limit.Time}, expected more than 0 and at most {Longest}"));
        faults.AddRange(CountsOf(options).Where(limit => limit.Count < 0)
            .Select(limit => $"Limits:{limit.Setting} is {limit.Count}, expected 0 or more"));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static (string Setting, TimeSpan Time)[] TimesOf(LimitOptions options) =>
    [
        (nameof(options.RequestTime), options.RequestTime), (nameof(options.LongRequestTime), options.LongRequestTime),
        (nameof(options.ShutdownTime), options.ShutdownTime), (nameof(options.WorkTime), options.WorkTime),
        (nameof(options.HeaderTime), options.HeaderTime), (nameof(options.KeepAliveTime), options.KeepAliveTime),
    ];

    private static (string Setting, long Count)[] CountsOf(LimitOptions options) =>
    [
        (nameof(options.Connections), options.Connections), (nameof(options.Relocations), options.Relocations),
        (nameof(options.RelocationsWaiting), options.RelocationsWaiting),
        (nameof(options.RequestsPerMinutePerKey), options.RequestsPerMinutePerKey),
        (nameof(options.RequestsPerMinutePerAddress), options.RequestsPerMinutePerAddress),
    ];
}
