using Relo.Api.Http.Problems;
using Relo.Api.Work;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>Compares layouts within the limits of processor time and of changes.</summary>
internal sealed class LayoutComparer(WorkGate gate)
{
    /// <summary>What differs between two layouts.</summary>
    /// <param name="from">The first layout.</param>
    /// <param name="to">The second layout.</param>
    /// <param name="limit">The limit of the answer, for all its comparisons.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <exception cref="RefusedException">There are too many changes; or the work takes too long, or cannot start.</exception>
    public async Task<IReadOnlyList<LayoutChange>> CompareAsync(
        TypeSnapshot from, TypeSnapshot to, ChangeLimit limit, CancellationToken cancellation)
    {
        try
        {
            return await gate.RunAsync(stop => LayoutDiff.Of(from, to, limit, stop), cancellation);
        }
        catch (LayoutTooLargeException e)
        {
            throw new RefusedException(Problem.ReportTooLarge(e.Message), e);
        }
    }
}
