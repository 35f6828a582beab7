using System.Globalization;
using System.Runtime.InteropServices;

namespace Relo.Api.Work;

/// <summary>
/// A thread that does one piece of work. It can be made to yield to all others: the runtime ignores thread priorities on Linux, so this asks
/// the kernel (setpriority(2), where a thread's nice value is its own).
/// </summary>
internal abstract partial class WorkThread
{
    private const int PrioProcess = 0, LowestPriority = 19;

    // proc(5), /proc/pid/stat: utime and stime are fields 14 and 15, counted from 1; the second field ends with ')'. In ticks of 10 ms (USER_HZ).
    private const int FieldsBeforeState = 2, UserTimeField = 14, TicksPerSecond = 100;

    private string? _thread;

    /// <summary>Processor time that it has used so far.</summary>
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

    /// <summary>Lets every other thread go first, until it ends. Without effect where the kernel refuses it: then it shares alike.</summary>
    public void LowerPriority()
    {
        if (Volatile.Read(ref _thread) is { } thread) _ = SetPriority(PrioProcess, uint.Parse(thread, CultureInfo.InvariantCulture), LowestPriority);
    }

    /// <summary>Notes which thread this is: <c>/proc/thread-self</c> links to <c>PID/task/TID</c>.</summary>
    protected void Enter() => Volatile.Write(ref _thread, Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget));

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}

/// <inheritdoc/>
/// <typeparam name="T">What the work makes.</typeparam>
internal sealed class WorkThread<T>(Func<CancellationToken, T> work, CancellationToken cancellation) : WorkThread
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the work made, or why it made nothing.</summary>
    public Task<T> Result => _result.Task;

    /// <summary>Whether it ends within this time.</summary>
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
            _result.SetException(e); // the caller's to handle, on its own thread
        }
    }
}
