using Relo.Archive.Objects;

namespace Relo.Api.Signing;

/// <summary>The setting of section <c>Objects</c> that is about signed uploads.</summary>
internal sealed class ApprovalOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = ObjectOptions.Section;

    /// <summary>PEM file with public keys: objects are kept only with a signature of one of them. Empty: no signature is needed.</summary>
    public string RequireSignatureBy { get; set; } = "";
}
