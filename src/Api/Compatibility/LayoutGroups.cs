using Relo.Api.Work;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Archive.Layouts;
using Relo.Core.Compatibility;
using Relo.Core.Reachability;

namespace Relo.Api.Compatibility;

/// <summary>Groups kernels by the layouts of what an object reads.</summary>
internal sealed class LayoutGroups(LayoutIndex layouts, WorkGate gate, ILogger<LayoutGroups> log)
{
    /// <summary>The group of each kernel and its place there; null for kernels that only their BTF can answer for.</summary>
    /// <param name="question">What the object reads.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<(LayoutGroup Group, int Place)?[]> OfAsync(
        LayoutQuestion question, IReadOnlyList<Kernel> kernels, CancellationToken cancellation)
    {
        if (question.Obstacle is not null || kernels.Count < 2) return new (LayoutGroup, int)?[kernels.Count];
        if (!await TryCatchUpAsync(cancellation)) return new (LayoutGroup, int)?[kernels.Count];
        return await gate.RunAsync(_ => Of(question, kernels), cancellation, isOneOfMany: true);
    }

    // Without the index each kernel is checked.
    private async Task<bool> TryCatchUpAsync(CancellationToken cancellation)
    {
        try
        {
            await layouts.CatchUpAsync(cancellation);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException || StorageFault.Of(e) is not null)
        {
            log.LogWarning("The layouts of kernels cannot be read, so each kernel is checked: {Reason}", e.Message);
            return false;
        }
    }

    private (LayoutGroup, int)?[] Of(LayoutQuestion question, IReadOnlyList<Kernel> kernels)
    {
        var tuples = layouts.TuplesOf([.. question.Names], kernels);
        // Evidence counts the places where a function was inlined, which no layout shows.
        var groups = new Dictionary<(int[] Tuple, KernelVersion? Version, KernelModules InlineSites), LayoutGroup>();
        var found = new (LayoutGroup, int)?[kernels.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (tuples.Of(i) is not { } tuple) continue;
            var key = (tuple, question.Decisive(kernels[i].LinuxVersion), kernels[i].InlineBtf); // equal tuples are one array
            if (!groups.TryGetValue(key, out var group)) groups.Add(key, group = new(layouts));
            found[i] = (group, group.Add(kernels[i]));
        }

        return found;
    }
}
