using System.Globalization;
using System.Text;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>
/// What differs about a type of two kernels.
/// <code>curl -fsS 'http://localhost:8080/v1/types/task_struct/diff?from=5.10.0-flags-status&amp;to=5.11.0-syscall-work'</code>
/// </summary>
internal sealed record CompareTypes(TypeQuery Type, KernelQuery From, KernelQuery To) : IRequest<TypeDiffDocument>;

/// <summary>Reads both and compares them.</summary>
internal sealed class CompareTypesHandler(KernelTypeReader reader, LayoutComparer comparer)
    : IRequestHandler<CompareTypes, TypeDiffDocument>
{
    /// <inheritdoc/>
    public async Task<TypeDiffDocument> Handle(CompareTypes request, CancellationToken cancellationToken)
    {
        var (from, before) = await ReadAsync(request.From);
        var (to, after) = await ReadAsync(request.To);
        var name = $"{after.Layout.Kind} {after.Layout.Name}";
        var changes = await comparer.CompareAsync(before, after, new(), cancellationToken);
        return new(name, from, to, before.Layout.SizeBytes, after.Layout.SizeBytes, changes);

        Task<(Kernel, TypeSnapshot)> ReadAsync(KernelQuery query) => reader.ReadAsync(
            query,
            (kernel, opened, _) => request.Type.FindOn(kernel, opened).ToSnapshot(),
            cancellationToken);
    }
}

/// <summary>The two kernels.</summary>
internal sealed record CompareTypesParameters
{
    /// <summary>The first kernel, in any form that <c>kernel</c> has elsewhere.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>The second kernel.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>Narrows both to an architecture.</summary>
    [FromQuery(Name = "arch")]
    public string? Arch { get; init; }

    /// <summary>Which of several types with this name: <c>struct</c>, <c>union</c>, <c>enum</c>, …</summary>
    [FromQuery(Name = "kind"), TypeKind]
    public string? Kind { get; init; }

    /// <summary>Only this module of both kernels and what it uses; by default the kernels, and then their modules.</summary>
    [FromQuery(Name = "module")]
    public string? Module { get; init; }

    /// <summary>The queries for the archive.</summary>
    /// <exception cref="RefusedException">A kernel is missing.</exception>
    public (KernelQuery From, KernelQuery To) ToQueries() => (Query("from", From), Query("to", To));

    private KernelQuery Query(string name, string? kernel) => string.IsNullOrWhiteSpace(kernel)
        ? throw new RefusedException(Problem.InvalidParameter(name, "", "a kernel"))
        : new(kernel, string.IsNullOrWhiteSpace(Arch) ? null : Arch, null, null);
}

/// <summary>GET /v1/types/{name}/diff.</summary>
internal static class CompareTypesRoute
{
    /// <summary>Compares a type of two kernels.</summary>
    /// <remarks>
    /// The whole type with the structs that it embeds. A member that has a new name is <c>renamed</c> where its type and its place leave no
    /// other explanation; that is a guess. <c>text/plain</c> has a line for each change.
    /// </remarks>
    /// <param name="name"><c>task_struct</c> or <c>struct task_struct</c>.</param>
    /// <param name="parameters">The two kernels.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs it.</param>
    public static async Task<IResult> Handle(
        string name, [AsParameters] CompareTypesParameters parameters, HttpContext http, IMediator mediator)
    {
        var (from, to) = parameters.ToQueries();
        var document = await mediator.Send(
            new CompareTypes(new(name, parameters.Kind, parameters.Module), from, to), http.RequestAborted);
        return OfferedForms.Chosen(http) == PlainText.MediaType ? PlainText.Of(TextOf(document)) : Answer.Ok(document);
    }

    private static string TextOf(TypeDiffDocument document)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{document.Name}: {document.FromSizeBytes} bytes on {document.From.Id}, ");
        text.Append(CultureInfo.InvariantCulture, $"{document.ToSizeBytes} bytes on {document.To.Id}, {document.Changes.Count} changes\n");
        foreach (var change in document.Changes)
        {
            var within = change.Within is null ? "" : $"   in {change.Within}";
            var places = $"{Place(change.From)} -> {Place(change.To)}";
            text.Append(CultureInfo.InvariantCulture, $"{change.Change,-18}{change.Path,-40} {places}{within}\n");
        }

        return text.ToString();
    }

    private static string Place(PlacedMember? member) => member switch
    {
        null => "-",
        { Value: { } value } => value,
        { BitSize: { } bits } => FormattableString.Invariant(
            $"{member.Name} {member.OffsetBytes}:{member.BitOffset} ({bits} bits, {member.Type})"),
        _ => FormattableString.Invariant($"{member.Name} {member.OffsetBytes} ({member.SizeBytes} bytes, {member.Type})"),
    };
}
