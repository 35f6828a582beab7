using Microsoft.AspNetCore.WebUtilities;

namespace Relo.Api.Http.Answers;

/// <summary>The <c>Link</c> field that leads from a page of a list to the next one (RFC 8288).</summary>
internal static class NextLink
{
    /// <summary>The address of the request with another <c>after</c>.</summary>
    public static string To(HttpRequest request, string next)
    {
        var query = request.Query.Where(p => !p.Key.Equals("after", StringComparison.OrdinalIgnoreCase)).Append(new("after", next));
        return $"<{QueryHelpers.AddQueryString(request.PathBase + request.Path, query)}>; rel=\"next\"";
    }
}
