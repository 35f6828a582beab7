using System.ComponentModel;
using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Layouts;
using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>
/// A type over the kernels of the archive: where its layout changed, and how.
/// <code>curl -fsS -H 'Accept: text/plain' 'http://localhost:8080/v1/types/task_struct/history?distro=debian&amp;arch=x86_64'</code>
/// </summary>
/// <param name="Type">The type.</param>
/// <param name="Filter">The kernels.</param>
/// <param name="FilterText">The filter as the client wrote it, for messages.</param>
/// <param name="Limit">The largest number of spans.</param>
/// <param name="Skipped">The number of spans on earlier pages.</param>
internal sealed record DescribeHistory(TypeQuery Type, KernelFilter Filter, string FilterText, int Limit, int Skipped)
    : IRequest<TypeHistoryDocument>;

/// <summary>Groups the kernels by the layout index, and reads each layout once.</summary>
internal sealed class DescribeHistoryHandler(
    KernelIndex index, ArchiveWatcher watcher, FreshLayouts fresh, LayoutIndex layouts, TypeSnapshots snapshots, LayoutComparer comparer)
    : IRequestHandler<DescribeHistory, TypeHistoryDocument>
{
    /// <inheritdoc/>
    public async Task<TypeHistoryDocument> Handle(DescribeHistory request, CancellationToken cancellationToken)
    {
        await watcher.CatchUpAsync(cancellationToken);
        await fresh.CatchUpAsync(cancellationToken);
        var kernels = index.Matching(request.Filter).ToList();
        if (kernels.Count == 0) throw new RefusedException(Problem.NoKernelMatches(request.FilterText));
        var (kind, name, found) = await FindAsync(request.Type, kernels, cancellationToken);
        var spans = LayoutSpan.Of(found).ToList();
        // A symbol may be a function on some kernels and a variable on others.
        var type = name.Kind == BtfKind.Func ? request.Type : request.Type with { Kind = kind };
        if (name.Kind == BtfKind.Func && spans.Find(span => span.Layout is not null) is { } present)
            kind = (await SnapshotAsync(present))!.Layout.Kind;
        var (items, limit) = (new List<TypeSpan>(), new ChangeLimit());
        foreach (var span in spans.Skip(request.Skipped).Take(request.Limit))
        {
            var (layout, before) = (await SnapshotAsync(span), span.Before is { } earlier ? await SnapshotAsync(earlier) : null);
            IReadOnlyList<LayoutChange>? changes = span.Before is null ? null
                : layout is null || before is null ? []
                : await comparer.CompareAsync(before, layout, limit, cancellationToken);
            items.Add(TypeSpan.Of(span, layout, changes));
        }

        var end = request.Skipped + items.Count;
        return new(
            $"{kind} {type.BareName}", kernels.Count, found.Count(one => one.Fingerprint is not null), found.Count(one => !one.IsKnown),
            found.Select(one => one.Fingerprint).OfType<Core.Fingerprints.Fingerprint>().Distinct().Count(), items,
            end < spans.Count ? end.ToString(CultureInfo.InvariantCulture) : null);

        async Task<TypeSnapshot?> SnapshotAsync(LayoutSpan span) => span.Layout is { } layout
            ? await snapshots.GetAsync(type, name, layout, span.Kernels[0], cancellationToken)
            : null;
    }

    // A bare name means the first kind that any of the kernels has.
    private async Task<(string Kind, Core.Fingerprints.LayoutName Name, IReadOnlyList<KernelLayout> Found)> FindAsync(
        TypeQuery type, List<Kernel> kernels, CancellationToken cancellation)
    {
        var names = type.LayoutNames().ToList();
        foreach (var (kind, name) in names)
        {
            var found = await layouts.HistoryAsync(name, kernels, cancellation);
            if (found.Any(one => one.Fingerprint is not null)) return (kind, name, found);
        }

        var unread = (await layouts.HistoryAsync(names[0].Name, kernels, cancellation)).Where(one => !one.IsKnown).ToList();
        return unread.Count > 0
            ? (names[0].Kind, names[0].Name, unread)
            : throw new RefusedException(Problem.TypeNowhere(type.Name, kernels.Count));
    }
}

/// <summary>The kernels, and which of several types.</summary>
internal sealed record HistoryParameters : KernelsParameters
{
    /// <summary>Which of several types with this name: <c>struct</c>, <c>union</c>, <c>enum</c>, …</summary>
    [FromQuery(Name = "kind"), TypeKind]
    public string? Kind { get; init; }

    /// <summary>The largest number of spans, 1 to 1000.</summary>
    [FromQuery(Name = "limit"), DefaultValue(PageSize.Default)]
    public int? Limit { get; init; }

    /// <summary><c>next</c> of the previous page.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <summary>The request for the handler.</summary>
    /// <exception cref="RefusedException">A value is outside its range.</exception>
    public DescribeHistory ToRequest(string name)
    {
        var skipped = 0;
        if (!string.IsNullOrEmpty(After) && !int.TryParse(After, NumberStyles.None, CultureInfo.InvariantCulture, out skipped))
            throw new RefusedException(Problem.InvalidParameter("after", After, "next of the previous page"));
        return new(new(name, Kind, null), ToFilter(), FilterText(), PageSize.Of(Limit), skipped);
    }
}

/// <summary>GET /v1/types/{name}/history.</summary>
internal static class DescribeHistoryRoute
{
    /// <summary>Describes how a type changed from kernel to kernel.</summary>
    /// <remarks>
    /// The kernels in the order of their versions, a line for each distribution, architecture and flavour; kernels that follow each other
    /// and have the same layout are one item, with what changed from the item before. <c>distro</c>, <c>version</c>, <c>arch</c> and
    /// <c>release</c> narrow the kernels. <c>text/plain</c> is a summary for people.
    /// </remarks>
    /// <param name="name"><c>task_struct</c> or <c>struct task_struct</c>.</param>
    /// <param name="parameters">The kernels, and which of several types.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs it.</param>
    public static async Task<IResult> Handle(
        string name, [AsParameters] HistoryParameters parameters, HttpContext http, IMediator mediator)
    {
        var document = await mediator.Send(parameters.ToRequest(name), http.RequestAborted);
        if (document.Next is not null) http.Response.Headers.Link = NextLink.To(http.Request, document.Next);
        return OfferedForms.Chosen(http) == PlainText.MediaType ? PlainText.Of(TypeHistoryText.Of(document)) : Answer.Ok(document);
    }
}
