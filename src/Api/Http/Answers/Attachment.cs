using Microsoft.Net.Http.Headers;

namespace Relo.Api.Http.Answers;

/// <summary>Content-Disposition of a download.</summary>
internal static class Attachment
{
    /// <summary>The value for this name, which need not be ASCII (RFC 6266).</summary>
    public static string Named(string fileName)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        return disposition.ToString();
    }
}
