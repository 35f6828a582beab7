using System.Diagnostics;
using Relo.Api.Http.Problems;
using Relo.Archive.KernelFiles;
using Relo.Core.Bytes;

namespace Relo.Fuzz;

/// <summary>The result of an input.</summary>
/// <param name="Refused">Whether it was refused, in the product's own words.</param>
/// <param name="Fault">What should not have happened; null where all is well.</param>
/// <param name="Place">Where it happened, to tell faults apart.</param>
internal readonly record struct Verdict(bool Refused, string? Fault = null, string? Place = null);

/// <summary>
/// Input is answered or refused. Only the exceptions that stand for bad input may fly, and both time and memory stay in proportion to
/// the length of the input.
/// </summary>
internal static class Oracle
{
    /// <summary>Far above the need of any input.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Verdict Judge(Harness harness, byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.GetTimestamp();
        var refused = false;
        try
        {
            harness.Run(input);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            refused = true;
            if (string.IsNullOrWhiteSpace(e.Message)) return new(true, $"{e.GetType().Name} without a word", Place(e));
            if (e is MalformedObjectException { Offset: < 0 } fault) return new(true, $"offset {fault.Offset}: {e.Message}", Place(e));
        }
        catch (Exception e)
        {
            return new(false, $"{e.GetType().Name}: {e.Message}\n{e.StackTrace}", $"{e.GetType().Name} {Place(e)}");
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var allowed = harness.AllowedAnyway + ((long)harness.AllowedPerByte * input.Length);
        if (allocated > allowed)
            return new(refused, $"{allocated} bytes were allocated for {input.Length} bytes of input, {allowed} are allowed", "memory");
        if (Stopwatch.GetElapsedTime(clock) <= Patience) return new(refused);
        var time = ProcessorTime(harness, input);
        return time > Patience ? new(refused, $"it takes {time.TotalSeconds:0} s", "time") : new(refused);
    }

    // On a busy machine a process may wait for long, so what took long runs again and is measured by its own time.
    private static TimeSpan ProcessorTime(Harness harness, byte[] input)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        try
        {
            harness.Run(input);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            // Refused as before; only the time matters.
        }
        process.Refresh();
        return process.TotalProcessorTime - before;
    }

    private static bool IsRefusal(Exception e) => e is MalformedObjectException or KernelFileException or RefusedException;

    /// <summary>The innermost two frames of ours.</summary>
    private static string Place(Exception e) => string.Join(" < ", new StackTrace(e).GetFrames()
        .Select(frame => frame.GetMethod())
            .Where(method => method?.DeclaringType?.Namespace?.StartsWith("Relo.", StringComparison.Ordinal) == true)
        .Take(2).Select(method => $"{method!.DeclaringType!.Name}.{method.Name}"));
}
