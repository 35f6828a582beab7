using Relo.Archive.Kernels;
using Relo.Archive.Layouts;
using Relo.Core.Compatibility;

namespace Relo.Api.Compatibility;

/// <summary>
/// Kernels with the same layouts of everything that an object reads. The first is checked, and the others share its outcome. If the check
/// had to read more, only the kernels that agree in that as well share it, and the next of the rest is checked.
/// </summary>
internal sealed class LayoutGroup(LayoutIndex layouts) : IDisposable
{
    private readonly List<Kernel> _kernels = [];
    private volatile Decision[] _decisions = []; // replaced, never changed
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isOfEach; // the outcome of a kernel says nothing about the others

    /// <summary>Adds a kernel, and returns its place in the group.</summary>
    public int Add(Kernel kernel)
    {
        _kernels.Add(kernel);
        return _kernels.Count - 1;
    }

    /// <summary>The outcome of a kernel, if that of another one decides it; otherwise null.</summary>
    public KernelOutcome? Known(int place) => Array.Find(_decisions, decision => decision.Holds(place))?.Outcome;

    /// <summary>The outcome of a kernel: that of another one, or computed.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="share">Makes the result from the outcome of another kernel.</param>
    /// <param name="check">Checks the kernel; no <see cref="CheckedKernel"/> if that fails, or another request did it.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<T> FindAsync<T>(
        int place, Func<KernelOutcome, T> share, Func<Task<(T Result, CheckedKernel? Checked)>> check, CancellationToken cancellation)
    {
        if (_isOfEach) return (await check()).Result;
        await _turn.WaitAsync(cancellation);
        var isMine = true;
        try
        {
            if (Known(place) is { } known) return share(known);
            if (_isOfEach)
            {
                _turn.Release(); // all the others may continue
                isMine = false;
            }

            var (result, made) = await check();
            if (made is not null) Decide(place, made);
            return result;
        }
        finally
        {
            if (isMine) _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private void Decide(int place, CheckedKernel made)
    {
        if (_isOfEach) return;
        if (made.Also is not { } also) _isOfEach = true;
        else _decisions = [.. _decisions, new(made.Outcome, place, also.Count == 0 ? null : layouts.TuplesOf(also, _kernels))];
    }

    /// <summary>The outcome of a kernel, and of those that agree with it in what its check also read.</summary>
    private sealed record Decision(KernelOutcome Outcome, int Place, LayoutTuples? Also)
    {
        public bool Holds(int place) => Also is null || (Also.Of(place) is { } tuple && tuple == Also.Of(Place));
    }
}
