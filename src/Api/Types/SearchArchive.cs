using System.Globalization;
using MediatR;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Layouts;
using Relo.Core.Btf;
using Relo.Core.Fingerprints;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>
/// The types, functions and variables of the whole archive whose name contains a text, with how many kernels have each.
/// <code>curl -fsS 'http://localhost:8080/v1/types?q=task_struct'</code>
/// </summary>
/// <param name="Part">A part of the name.</param>
/// <param name="Skipped">The number of names on earlier pages.</param>
/// <param name="Limit">The largest number of names.</param>
/// <param name="Filter">The kernels.</param>
internal sealed record SearchArchive(string Part, int Skipped, int Limit, KernelFilter Filter) : IRequest<TypeHitPage>;

/// <summary>Searches the layout index.</summary>
internal sealed class SearchArchiveHandler(
    KernelIndex index, ArchiveWatcher watcher, FreshLayouts fresh, LayoutNames names, LayoutIndex layouts)
    : IRequestHandler<SearchArchive, TypeHitPage>
{
    /// <inheritdoc/>
    public async Task<TypeHitPage> Handle(SearchArchive request, CancellationToken cancellationToken)
    {
        await watcher.CatchUpAsync(cancellationToken);
        await fresh.CatchUpAsync(cancellationToken);
        var kernels = index.Matching(request.Filter).ToList();
        var found = await names.SearchAsync(request.Part, cancellationToken);
        List<LayoutName> page = [.. found.Skip(request.Skipped).Take(request.Limit)];
        var tuples = layouts.TuplesOf([.. page.Select(name => name.Key)], kernels);
        var counts = new int[page.Count];
        for (var kernel = 0; kernel < kernels.Count; kernel++)
        {
            if (tuples.Of(kernel) is not { } tuple) continue;
            for (var i = 0; i < counts.Length; i++)
                if (tuple[i] >= 0) counts[i]++;
        }

        var end = request.Skipped + page.Count;
        // A name has no kernels if they were deleted or do not match the filter.
        return new(
            null,
            [.. page.Select((name, i) => new FoundName(KindOf(name), name.Name, null, null, counts[i])).Where(hit => hit.Kernels > 0)],
            end < found.Count ? end.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static string KindOf(LayoutName name) =>
        name.Kind == BtfKind.Func ? "symbol" : NamedTypes.KindWords.First(word => NamedTypes.KindsOf(word).Contains(name.Kind));
}
