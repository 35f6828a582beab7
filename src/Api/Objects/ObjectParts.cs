using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Relo.Api.Http.Json;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;

namespace Relo.Api.Objects;

/// <summary>The parts of an object's contents that the client requests.</summary>
/// <param name="Fields">Members of <c>object</c>; null for all.</param>
/// <param name="Page">The page of its relocations; null for all.</param>
internal sealed record ObjectParts(IReadOnlySet<string>? Fields, ListPage? Page)
{
    private const string Object = "object", Relocations = "relocations", Next = "next";

    /// <summary>Whether the client requests everything.</summary>
    public bool AreAll => Fields is null && Page is null;

    /// <summary>Reads the parameters.</summary>
    /// <exception cref="RefusedException">A parameter has an invalid value.</exception>
    public static ObjectParts Of(ObjectParameters parameters) => new(
        NameList.Parse("fields", parameters.Fields, Members<ObjectDescription>.Names),
        ListPage.Parse(parameters.RelocationsLimit, parameters.RelocationsAfter));

    /// <summary>The document to send.</summary>
    public object Of(ObjectDocument document)
    {
        if (AreAll) return document;
        var members = Members<ObjectDocument>.Select(document, null);
        var described = Members<ObjectDescription>.Select(document.Object, Fields);
        members[Object] = described;
        if (Page is null) return members;
        if (described.ContainsKey(Relocations)) described[Relocations] = Page.Of(document.Object.Relocations);
        members.Add(Next, Page.NextOf(document.Object.Relocations));
        return members;
    }

    /// <summary>The address of the next page; null on the last.</summary>
    public string? NextAddress(ObjectDocument document) => Page?.NextOf(document.Object.Relocations) is not { } next ? null
        : QueryHelpers.AddQueryString(document.Url, new Dictionary<string, string?>
        {
            ["fields"] = Fields is null ? null : string.Join(',', Fields),
            ["relocationsLimit"] = Page.Limit.ToString(CultureInfo.InvariantCulture),
            ["relocationsAfter"] = next,
        });
}
