using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Relocations;

/// <summary>
/// So many relocations are made at once, the others wait for their turn, and no more than so many: then the caller is told to come again. It is the making that
/// counts, not the request: what is there is given at once, and who sends slowly holds up nobody.
/// </summary>
internal sealed class RelocationTurns(IOptions<LimitOptions> options) : IDisposable
{
    // About what a full queue takes on one processor, at a few milliseconds each.
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turns = new(options.Value.Relocations > 0 ? options.Value.Relocations : Environment.ProcessorCount);
    private readonly int _mostWaiting = options.Value.RelocationsWaiting;
    private int _waiting;

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for a turn, which ends with the disposal of what is returned.</summary>
    /// <param name="isOneOfMany">It is part of a question over many kernels that has begun to be answered: it waits however many do.</param>
    /// <param name="stop">Nobody wants it any more.</param>
    /// <exception cref="RefusedException">Too many wait already.</exception>
    public async Task<IDisposable> TakeAsync(bool isOneOfMany, CancellationToken stop)
    {
        var turn = new Turn(_turns);
        if (_turns.Wait(0, stop)) return turn;
        try
        {
            if (Interlocked.Increment(ref _waiting) > _mostWaiting && !isOneOfMany)
                throw new RefusedException(Problem.TooManyRequests($"{_mostWaiting} relocations wait for their turn already, which is as many as Limits:RelocationsWaiting allows", ComeAgain));
            await _turns.WaitAsync(stop);
            return turn;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
