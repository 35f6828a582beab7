using System.Text.Json.Serialization.Metadata;

namespace Relo.Api.Http.Json;

/// <summary>Members of a document by their JSON names.</summary>
/// <typeparam name="T">Type of the document.</typeparam>
internal static class Members<T>
{
    private static readonly IList<JsonPropertyInfo> All = ApiJson.Options.GetTypeInfo(typeof(T)).Properties;

    /// <summary>The names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Where(member => member.Get is not null).Select(member => member.Name)];

    /// <summary>The document with only some of its members, in order.</summary>
    /// <param name="document">The document.</param>
    /// <param name="names">The members to keep; null keeps all.</param>
    public static Dictionary<string, object?> Select(T document, IReadOnlySet<string>? names)
        => All.Where(member => member.Get is not null && names?.Contains(member.Name) != false)
            .ToDictionary(member => member.Name, member => member.Get!(document!));
}
