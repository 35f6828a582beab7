using System.Globalization;
using System.Runtime.InteropServices;

namespace Relo.Api.Work;

/// <summary>
/// A thread that runs one work item. Its priority can be lowered: the runtime ignores thread priorities on Linux, so this
/// calls setpriority(2), where each thread has its own nice value.
/// </summary>
internal abstract partial class WorkThread
{
    private const int PrioProcess = 0, LowestPriority = 19;

    // proc(5), /proc/pid/stat: utime and stime are fields 14 and 15, counted from 1; the second field ends with ')'. In ticks of 10 ms
    // (USER_HZ).
    private const int FieldsBeforeState = 2, UserTimeField = 14, TicksPerSecond = 100;

    private string? _thread;

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            if (Volatile.Read(ref _thread) is not { } thread) return TimeSpan.Zero;
            try
            {
                var stat = File.ReadAllText($"/proc/self/task/{thread}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                var ticks = Field(UserTimeField) + Field(UserTimeField + 1);
                return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

                long Field(int number) => long.Parse(fields[number - FieldsBeforeState - 1], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                return TimeSpan.Zero; // it has just ended
            }
        }
    }

    /// <summary>Starts a thread.</summary>
    public static WorkThread<T> Start<T>(Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        var started = new WorkThread<T>(work, cancellation);
        new Thread(started.Run) { IsBackground = true, Name = "work" }.Start();
        return started;
    }

    /// <summary>
    /// Lowers the thread's priority below all others until it ends. If the kernel refuses, the priority stays as it is.
    /// </summary>
    public void LowerPriority()
    {
        if (Volatile.Read(ref _thread) is { } thread)
            _ = SetPriority(PrioProcess, uint.Parse(thread, CultureInfo.InvariantCulture), LowestPriority);
    }

    /// <summary>Reads the id of the current thread: <c>/proc/thread-self</c> links to <c>PID/task/TID</c>.</summary>
    protected void Enter() => Volatile.Write(ref _thread, Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget));

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}

/// <inheritdoc/>
/// <typeparam name="T">Type of the result.</typeparam>
internal sealed class WorkThread<T>(Func<CancellationToken, T> work, CancellationToken cancellation) : WorkThread
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The result, or the exception of the work.</summary>
    public Task<T> Result => _result.Task;

    /// <summary>Waits for the end; false if that takes longer than this time.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        using var ended = new CancellationTokenSource();
        var first = await Task.WhenAny(Result, Task.Delay(time, ended.Token));
        await ended.CancelAsync();
        return first == Result;
    }

    /// <summary>The thread's body.</summary>
    public void Run()
    {
        try
        {
            Enter();
            _result.SetResult(work(cancellation));
        }
        catch (OperationCanceledException e)
        {
            _result.SetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            _result.SetException(e); // for the caller, on its own thread
        }
    }
}
